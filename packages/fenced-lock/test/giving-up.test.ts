import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createWorld, isEmpty, outcomeOf, pass, turn } from './lock-fixtures.js';

describe('6. Waiters that give up leave nothing', () => {
  test('of those who wait behind their own process, the others keep their order', async () => {
    const { lock, memory } = createWorld();
    const holder = await lock.acquire('ledger');
    const leaving = new AbortController();
    const served: string[] = [];
    const wait = (who: string, signal?: AbortSignal) =>
      lock.acquire('ledger', { signal }).then(
        async (lease) => {
          served.push(who);
          await lease.release();
        },
        (reason) => void served.push(`${who}: ${reason}`),
      );
    const all = [wait('first'), wait('second', leaving.signal), wait('third')];
    leaving.abort('gone');
    await holder.release();
    await Promise.all(all);
    expect(served).toEqual(['second: gone', 'first', 'third']);
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('one who waits for another process leaves the line of the store', async () => {
    const { clock, memory, wire, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    const waiting = outcomeOf(lock.acquire('ledger', { waitMs: 1_000 }));
    await pass(clock, 1_000);
    expect(await waiting).toMatchObject({ reason: { code: 'LOCK_TIMEOUT' } });
    await turn();
    expect(wire.story.at(-1)).toBe('1000: leave ledger');
    await holder.release();
    expect(await isEmpty(memory)).toBe(true);
    await pass(clock, 9_000);
    expect(clock.pending).toBe(0);
  });

  test('so does one whose question was still on its way', async () => {
    const { memory, wire, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    wire.hold();
    const leaving = new AbortController();
    const waiting = outcomeOf(lock.acquire('ledger', { signal: leaving.signal }));
    leaving.abort();
    await waiting;
    wire.pass();
    await wire.last('acquire').answer();
    await turn();
    await holder.release();
    expect(await isEmpty(memory)).toBe(true);
  });

  test('so does one who is overtaken by a caller that does not wait', async () => {
    const { memory, wire, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    wire.hold();
    const leaving = new AbortController();
    const waiting = outcomeOf(lock.acquire('ledger', { signal: leaving.signal }));
    leaving.abort();
    await waiting;
    const trying = lock.tryAcquire('ledger');
    wire.pass();
    for (const call of wire.calls) {
      await call.answer();
      await turn();
    }
    expect(await trying).toBeNull();
    await turn();
    expect(wire.count('leave')).toBe(1);
    await holder.release();
    expect(await isEmpty(memory)).toBe(true);
  });

  test('so does one whose question was lost, and arrives while the next caller has the lock', async () => {
    const { clock, memory, wire, lock } = createWorld();
    wire.hold();
    const waiting = outcomeOf(lock.acquire('ledger'));
    const next = lock.acquire('ledger', { autoRenew: true });
    await turn();
    const lost = wire.last('acquire');
    lost.fail('unknown');
    await turn();
    wire.pass();
    wire.last('acquire').fail('unknown');
    expect(await waiting).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE' } });
    const lease = await next;
    await lost.arrive();
    await pass(clock, 9_000, 250);
    expect(wire.count('leave')).toBe(0);
    await lease.release();
    await turn();
    expect(wire.count('leave')).toBe(1);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('the place in the line stays with the next caller of the process', async () => {
    const { wire, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    const leaving = new AbortController();
    const first = outcomeOf(lock.acquire('ledger', { signal: leaving.signal }));
    const second = lock.acquire('ledger');
    await turn();
    const later = another().acquire('ledger');
    await turn();
    leaving.abort();
    await first;
    await turn();
    expect(wire.count('leave')).toBe(0);
    await holder.release();
    const lease = await second;
    expect(lease.fence).toBe(holder.fence + 1);
    await lease.release();
    await later;
  });

  test('one who had given up beforehand asks nothing', async () => {
    const { clock, wire, lock } = createWorld();
    const reason = { why: 'gone already' };
    const signal = AbortSignal.abort(reason);
    for (const call of [lock.acquire('a', { signal }), lock.tryAcquire('a', { signal })]) {
      expect(await outcomeOf(call)).toEqual({ reason });
    }
    expect([wire.story, clock.pending]).toEqual([[], 0]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('a caller who is served leaves no timer and no listener of its wait', async () => {
    const { clock, lock } = createWorld();
    const { signal } = new AbortController();
    const lease = await lock.acquire('ledger', { waitMs: 60_000, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await lease.release();
    await pass(clock, 9_000);
    expect(clock.pending).toBe(0);
  });
});
