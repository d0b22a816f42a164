import { describe, expect, test } from 'vitest';
import type { FencedLock } from '../src/index.js';
import {
  claimInVain,
  createWorld,
  isEmpty,
  leaseMs,
  outcomeOf,
  pass,
  timesAsked,
  turn,
} from './lock-fixtures.js';
import { createWire } from './wire.js';

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

  test('a process that was served leaves no line', async () => {
    const { wire, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    const waiting = lock.acquire('ledger');
    await turn();
    await holder.release();
    await (await waiting).release();
    await turn();
    expect([wire.count('acquire'), wire.count('release'), wire.count('leave')]).toEqual([3, 1, 0]);
  });

  test('a dead waiter costs the time of its offer, and does not block the line', async () => {
    const { clock, memory, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    await claimInVain(memory, 'ledger');
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
    await claimInVain(memory, 'ledger');
    const waiting = outcomeOf(lock.acquire('ledger'));
    await turn();
    await holder.release();
    await pass(clock, leaseMs + 25, 25);
    expect(await waiting).toHaveProperty('value.key', 'ledger');
  });

  test('a holder that died keeps the others waiting for its lease, and no longer', async () => {
    const { clock, memory, lock } = createWorld();
    await claimInVain(memory, 'ledger');
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
    expect(timesAsked(wire)).toEqual([0, 0, 9_100, 18_100]);
    await holder.release();
    expect((await waiting).fence).toBeGreaterThan(holder.fence);
  });
});
