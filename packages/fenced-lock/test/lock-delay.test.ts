import { describe, expect, test } from 'vitest';
import { createWorld, heldForMs, leaseMs, outcomeOf, pass, turn } from './lock-fixtures.js';

const lockDelayMs = 5_000;

/** When another process gets the lock, in milliseconds. */
async function freeAfterMs({ clock, lock, witness }: ReturnType<typeof createWorld>) {
  const waiting = lock.acquire('ledger');
  await pass(clock, leaseMs + lockDelayMs + 100, 25);
  await waiting;
  return Number.parseInt(witness.story.at(-1) ?? '', 10);
}

describe('7. lockDelayMs keeps a lock shut after an involuntary loss only', () => {
  test('after a loss the lock stays shut for so much longer than the lease', async () => {
    const world = createWorld({ lockDelayMs });
    const holder = await world.another({ observer: undefined }).acquire('ledger');
    expect(await freeAfterMs(world)).toBe(leaseMs + lockDelayMs + 25);
    expect(holder.remainingMs).toBe(0);
  });

  test('without it the lock is free when the lease ends', async () => {
    const world = createWorld();
    await world.another({ observer: undefined }).acquire('ledger');
    const waiting = freeAfterMs(world);
    expect(await waiting).toBe(leaseMs + 25);
  });

  test('the holder itself has no more than its lease', async () => {
    const { clock, lock } = createWorld({ lockDelayMs });
    const lease = await lock.acquire('ledger');
    expect(lease.remainingMs).toBe(heldForMs);
    clock.advance(heldForMs);
    expect(lease.remainingMs).toBe(0);
  });

  test('a renewal keeps the lock shut as long as a grant does', async () => {
    const { clock, wire, lock, memory } = createWorld({ lockDelayMs });
    const lease = await lock.acquire('ledger');
    clock.advance(3_000);
    await lease.renew();
    expect(wire.last('renew').request).toMatchObject({ holdMs: leaseMs + lockDelayMs });
    const other = { key: 'ledger', owner: 'other', holdMs: 1 };
    expect(await memory.acquire(other)).toEqual({ status: 'held', heldMs: leaseMs + lockDelayMs });
  });

  test('a release opens the lock at once', async () => {
    const { lock, another } = createWorld({ lockDelayMs });
    const lease = await lock.acquire('ledger');
    await lease.release();
    expect(await another().tryAcquire('ledger')).not.toBeNull();
  });

  test('a release after the loss does not open it', async () => {
    const { clock, wire, lock, another } = createWorld({ lockDelayMs });
    const lease = await lock.acquire('ledger');
    clock.advance(heldForMs);
    expect(await lease.release()).toBe('not-held');
    expect(wire.count('release')).toBe(0);
    expect(await another().tryAcquire('ledger')).toBeNull();
  });

  test('without a delay, a release after the loss frees what a late renewal has prolonged', async () => {
    const { clock, wire, lock, another } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.advance(5_000);
    wire.hold();
    const renewing = outcomeOf(lease.renew());
    await wire.last('renew').arrive();
    clock.advance(heldForMs - 5_000);
    expect(lease.remainingMs).toBe(0);
    wire.pass();
    expect(await lease.release()).toBe('not-held');
    await wire.last('renew').answer();
    expect(await renewing).toMatchObject({ reason: { reason: 'deadline' } });
    expect(await another().tryAcquire('ledger')).not.toBeNull();
  });

  test('a run that lost its lease does not open it', async () => {
    const { clock, wire, lock } = createWorld({ lockDelayMs });
    wire.pass();
    const running = outcomeOf(lock.run('ledger', () => new Promise(() => {})));
    await turn();
    wire.hold();
    await pass(clock, leaseMs, 500);
    expect(await running).toMatchObject({ reason: { reason: 'deadline' } });
    expect(wire.count('release')).toBe(0);
  });
});
