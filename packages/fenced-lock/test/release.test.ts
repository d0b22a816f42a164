import { describe, expect, test } from 'vitest';
import { createWorld, heldForMs, isEmpty, pass, turn } from './lock-fixtures.js';

describe('release', () => {
  test('gives the lock back, once: a second call has the same answer', async () => {
    const { wire, memory, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    expect(await Promise.all([lease.release(), lease.release()])).toEqual(['released', 'released']);
    expect(await lease.release()).toBe('released');
    expect(wire.count('release')).toBe(1);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('that gets no answer is "unknown": the lease ends with its time', async () => {
    const { clock, wire, lock, another } = createWorld();
    const lease = await lock.acquire('ledger');
    wire.hold();
    const releasing = lease.release();
    wire.last('release').fail('unknown');
    expect(await releasing).toBe('unknown');
    expect(await another().tryAcquire('ledger')).toBeNull();
    await pass(clock, 9_000);
    expect(await another().tryAcquire('ledger')).not.toBeNull();
  });

  test('of a lock that the store does not know is "not-held", and told as unclean', async () => {
    const { wire, memory, lock, witness } = createWorld();
    const lease = await lock.acquire('ledger');
    await memory.release({ key: 'ledger', owner: wire.last('acquire').request.owner ?? '' });
    expect(await lease.release()).toBe('not-held');
    expect(witness.story).toEqual(['0: acquired ledger', '0: releaseFailed ledger']);
    expect(witness.events[1]).toMatchObject({ error: { code: 'LEASE_LOST', reason: 'missing' } });
  });

  test('of a lease that was lost is "not-held", and no second event', async () => {
    const { clock, lock, witness } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.advance(heldForMs);
    expect(await lease.release()).toBe('not-held');
    expect(witness.story).toEqual(['0: acquired ledger', '8908: lost ledger (deadline)']);
    expect(() => lease.assertHeld()).toThrow('was not renewed in time');
  });

  test('never rejects, though the store does, also after a loss', async () => {
    const { clock, wire, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.advance(heldForMs);
    wire.hold();
    const releasing = lease.release();
    wire.last('release').fail('none');
    expect(await releasing).toBe('not-held');
  });

  test('happens at the end of a block that has the lease by "await using"', async () => {
    const { lock, memory } = createWorld();
    const lease = await lock.acquire('ledger');
    await lease[Symbol.asyncDispose]();
    expect(lease.remainingMs).toBe(0);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('lets the next caller ask at once where the store keeps the order of calls', async () => {
    const { wire, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    const next = lock.acquire('ledger');
    wire.hold();
    lease.release();
    await turn();
    expect(wire.story).toEqual(['0: acquire ledger', '0: release ledger', '0: acquire ledger']);
    for (const call of wire.calls) await call.answer();
    expect((await next).fence).toBe(lease.fence + 1);
  });

  test('makes the next caller wait for its answer where the store does not', async () => {
    const world = createWorld();
    const { wire } = world;
    const lock = world.another({ store: { ...wire.store, ordered: undefined } });
    const lease = await lock.acquire('ledger');
    const next = lock.acquire('ledger');
    wire.hold();
    lease.release();
    await turn();
    expect(wire.count('acquire')).toBe(1);
    wire.pass();
    await wire.last('release').answer();
    expect((await next).fence).toBe(lease.fence + 1);
  });

  test('without an answer lets the next caller ask all the same', async () => {
    const world = createWorld();
    const { wire } = world;
    const lock = world.another({ store: { ...wire.store, ordered: undefined } });
    const lease = await lock.acquire('ledger');
    const next = lock.acquire('ledger');
    wire.hold();
    lease.release();
    wire.pass();
    wire.last('release').fail('unknown');
    await pass(world.clock, 9_100, 50);
    expect((await next).key).toBe('ledger');
  });
});
