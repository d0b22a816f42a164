import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import {
  createFencedLock,
  type FencedLock,
  type FencedLockOptions,
  type LeaseStore,
  memoryLeaseStore,
  type Wake,
} from '../src/index.js';
import { createWorld, isEmpty, leaseMs, outcomeOf, pass, startMs, turn } from './lock-fixtures.js';
import { createWire } from './wire.js';

/** A memory store whose wake-ups come when the test says so, or never. */
function createEars(maxKeys = 1) {
  const clock = createManualClock(startMs);
  const memory = memoryLeaseStore({ clock, maxKeys });
  const listeners = new Set<(wake: Wake | 'all') => void>();
  const store: LeaseStore = {
    ...memory,
    onWake(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const wire = createWire(store, () => clock.now() - startMs);
  const tell = (wake: Wake | 'all') => {
    for (const listener of listeners) listener(wake);
  };
  const lock = createFencedLock({ leaseMs, clock, store: wire.store, random: () => 0.5 });
  return { clock, memory, wire, lock, listeners, tell };
}

/** Asks for a key in the name of a process that dies at once. */
function dead(store: LeaseStore, key: string) {
  return store.acquire({ key, owner: 'dead.1', waiter: 'dead', holdMs: leaseMs });
}

/** When the store was asked for the lock, in milliseconds. */
function asked({ story }: ReturnType<typeof createWire>): number[] {
  return story.filter((call) => call.includes('acquire')).map((call) => Number.parseInt(call, 10));
}

describe('6. Processes take turns, and are woken one at a time', () => {
  test('the callers of two processes are served in turn, whichever has more', async () => {
    const { lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    const served: string[] = [];
    const serve = async (who: string, process: FencedLock) => {
      const lease = await process.acquire('ledger');
      served.push(who);
      await turn();
      await lease.release();
    };
    const second = another();
    const all = [
      ...Array.from({ length: 4 }, () => serve('first', lock)),
      ...Array.from({ length: 4 }, () => serve('second', second)),
    ];
    await turn();
    await holder.release();
    await Promise.all(all);
    expect(served.join(' ')).toBe('first second first second first second first second');
  });

  test('a release wakes the first in line and no other', async () => {
    const { another, memory } = createWorld();
    const holder = await another().acquire('ledger');
    const wires = Array.from({ length: 4 }, () => createWire(memory, () => 0));
    const leases = wires.map(({ store }) => another({ store }).acquire('ledger'));
    await turn();
    const before = wires.map((wire) => wire.count('acquire'));
    await holder.release();
    await leases[0];
    await turn();
    const after = wires.map((wire, i) => wire.count('acquire') - (before[i] ?? 0));
    expect(after).toEqual([1, 0, 0, 0]);
    for (const lease of leases) await (await lease).release();
    expect(await isEmpty(memory)).toBe(true);
  });

  test('nobody overtakes the one to whom the lock was offered', async () => {
    const { memory, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    const waiting = lock.acquire('ledger');
    await turn();
    await memory.release({ key: 'ledger', owner: 'nobody' });
    const releasing = holder.release();
    const newcomer = another().tryAcquire('ledger');
    await releasing;
    expect(await newcomer).toBeNull();
    expect((await waiting).fence).toBe(holder.fence + 1);
  });

  test('a dead waiter costs the time of its offer, and does not block the line', async () => {
    const { clock, memory, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    await dead(memory, 'ledger');
    await holder.release();
    const waiting = outcomeOf(lock.acquire('ledger'));
    await pass(clock, 500);
    expect(await Promise.race([waiting, turn()])).toBeUndefined();
    await pass(clock, 25);
    expect(await waiting).toHaveProperty('value.key', 'ledger');
  });

  test('who stands behind a dead waiter has the lock at the end of the lease at the latest', async () => {
    const { clock, memory, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    await dead(memory, 'ledger');
    const waiting = outcomeOf(lock.acquire('ledger'));
    await turn();
    await holder.release();
    await pass(clock, leaseMs + 25, 25);
    expect(await waiting).toHaveProperty('value.key', 'ledger');
  });

  test('a holder that died keeps the others waiting for its lease, and no longer', async () => {
    const { clock, memory, lock } = createWorld();
    await dead(memory, 'ledger');
    const waiting = outcomeOf(lock.acquire('ledger'));
    await pass(clock, leaseMs);
    expect(await Promise.race([waiting, turn()])).toBeUndefined();
    await pass(clock, 25);
    expect(await waiting).toHaveProperty('value.key', 'ledger');
  });

  test('who waits for a holder that renews asks again at the end of each lease', async () => {
    const { clock, wire, lock, another } = createWorld();
    const holder = await another().acquire('ledger', { autoRenew: true });
    const waiting = lock.acquire('ledger');
    await pass(clock, 18_100, 100);
    expect(asked(wire)).toEqual([0, 0, 9_100, 18_100]);
    await holder.release();
    expect((await waiting).fence).toBeGreaterThan(holder.fence);
  });
});

describe('6. Wake-ups', () => {
  test('one that is lost costs the remaining lease, and no more', async () => {
    const { clock, memory, wire, lock } = createEars();
    await dead(memory, 'ledger');
    const waiting = outcomeOf(lock.acquire('ledger'));
    await pass(clock, 1_000);
    await memory.release({ key: 'ledger', owner: 'dead.1' });
    await pass(clock, leaseMs - 1_000);
    expect(await Promise.race([waiting, turn()])).toBeUndefined();
    await pass(clock, 13);
    expect(await waiting).toHaveProperty('value.key', 'ledger');
    expect(asked(wire)).toEqual([0, 0, 9_013]);
  });

  test('one that comes while the answer is on its way is not lost', async () => {
    const { memory, wire, lock, tell } = createEars();
    await dead(memory, 'ledger');
    const waiting = lock.acquire('ledger');
    await turn();
    const { waiter = '' } = wire.last('acquire').request;
    tell('all');
    wire.hold();
    await turn();
    await wire.last('acquire').arrive();
    await memory.release({ key: 'ledger', owner: 'dead.1' });
    tell({ key: 'ledger', waiter });
    wire.pass();
    await wire.last('acquire').answer();
    expect((await waiting).key).toBe('ledger');
  });

  test('one for another waiter or another key wakes nobody; "all" wakes everyone', async () => {
    const { memory, wire, lock, tell } = createEars(2);
    for (const key of ['a', 'b']) {
      await dead(memory, key);
      lock.acquire(key);
    }
    await turn();
    const { waiter = '' } = wire.last('acquire').request;
    const { length } = wire.calls;
    tell({ key: 'a', waiter: 'somebody else' });
    tell({ key: 'c', waiter });
    await turn();
    expect(wire.calls).toHaveLength(length);
    tell({ key: 'a', waiter });
    await turn();
    expect(wire.calls.slice(length).map(({ request }) => request.key)).toEqual(['a']);
    tell('all');
    await turn();
    expect(wire.calls.slice(length).map(({ request }) => request.key)).toEqual(['a', 'b', 'a']);
  });

  test('reach each of several keys whose first callers came at the same time', async () => {
    const { memory, wire, lock, tell } = createEars(3);
    for (const key of ['a', 'b', 'c']) {
      await dead(memory, key);
      lock.acquire(key);
    }
    await turn();
    const { waiter = '' } = wire.last('acquire').request;
    const { length } = wire.calls;
    for (const key of ['c', 'b', 'a']) tell({ key, waiter });
    await turn();
    expect(wire.calls.slice(length).map(({ request }) => request.key)).toEqual(['c', 'b', 'a']);
  });

  test('are listened to only while somebody of this process waits for another', async () => {
    const { memory, lock, listeners } = createEars();
    const own = await lock.acquire('ledger');
    const behind = lock.acquire('ledger');
    await turn();
    expect(listeners.size).toBe(0);
    await own.release();
    await (await behind).release();
    await dead(memory, 'ledger');
    const leaving = new AbortController();
    const waiting = outcomeOf(lock.acquire('ledger', { signal: leaving.signal }));
    await turn();
    expect(listeners.size).toBe(1);
    leaving.abort();
    await waiting;
    expect(listeners.size).toBe(0);
  });
});

describe('6. A store that cannot wake', () => {
  /** When the store is asked while another holds the lock, up to a millisecond. */
  async function polls(options: Partial<FencedLockOptions>, untilMs: number): Promise<number[]> {
    const clock = createManualClock(startMs);
    const memory = memoryLeaseStore({ clock });
    const wire = createWire({ ...memory, onWake: undefined }, () => clock.now() - startMs);
    await dead(memory, 'ledger');
    const lock = createFencedLock({ leaseMs, clock, store: wire.store, ...options });
    outcomeOf(lock.acquire('ledger', { waitMs: untilMs }));
    await pass(clock, untilMs, 1);
    return asked(wire);
  }

  test.each([
    [0, [0, 50, 100, 150, 200]],
    [0.5, [0, 75, 150, 225]],
    [0.998, [0, 100, 200]],
  ])('is asked again every 50 to 100 ms: with a draw of %d', async (draw, times) => {
    expect(await polls({ random: () => draw }, 240)).toEqual(times);
  });

  test('is asked at the end of a lease that ends sooner than that', async () => {
    const { clock, memory, another } = createWorld();
    const wire = createWire({ ...memory, onWake: undefined }, () => clock.now() - startMs);
    await memory.acquire({ key: 'ledger', owner: 'dead.1', holdMs: 20 });
    const waiting = another({ store: wire.store }).acquire('ledger');
    await pass(clock, 40, 1);
    expect(asked(wire)).toEqual([0, 33]);
    expect((await waiting).key).toBe('ledger');
  });
});
