import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import {
  createFencedLock,
  type FencedLockOptions,
  type LeaseStore,
  memoryLeaseStore,
  type Wake,
} from '../src/index.js';
import {
  claimInVain,
  createWorld,
  leaseMs,
  outcomeOf,
  pass,
  startMs,
  timesAsked,
  turn,
} from './lock-fixtures.js';
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

describe('6. Wake-ups', () => {
  test('one that is lost costs the remaining lease, and no more', async () => {
    const { clock, memory, wire, lock } = createEars();
    await claimInVain(memory, 'ledger');
    const waiting = outcomeOf(lock.acquire('ledger'));
    await pass(clock, 1_000);
    await memory.release({ key: 'ledger', owner: 'dead.1' });
    await pass(clock, leaseMs - 1_000);
    expect(await Promise.race([waiting, turn()])).toBeUndefined();
    await pass(clock, 13);
    expect(await waiting).toHaveProperty('value.key', 'ledger');
    expect(timesAsked(wire)).toEqual([0, 0, 9_013]);
  });

  test('one that comes while the answer is on its way is not lost', async () => {
    const { memory, wire, lock, tell } = createEars();
    await claimInVain(memory, 'ledger');
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
      await claimInVain(memory, key);
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
      await claimInVain(memory, key);
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
    await claimInVain(memory, 'ledger');
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
    await claimInVain(memory, 'ledger');
    const lock = createFencedLock({ leaseMs, clock, store: wire.store, ...options });
    outcomeOf(lock.acquire('ledger', { waitMs: untilMs }));
    await pass(clock, untilMs, 1);
    return timesAsked(wire);
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
    expect(timesAsked(wire)).toEqual([0, 33]);
    expect((await waiting).key).toBe('ledger');
  });
});
