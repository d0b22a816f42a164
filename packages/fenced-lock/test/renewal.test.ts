import { describe, expect, test } from 'vitest';
import { createWorld, endOf, isEmpty, pass, turn } from './lock-fixtures.js';

type World = ReturnType<typeof createWorld>;

/** When the store was asked to renew, in milliseconds after the grant. */
function renewals({ wire }: World): string[] {
  return wire.story
    .filter((call) => call.includes('renew'))
    .map((call) => call.split(':')[0] ?? '');
}

/** What a store keeps of a key is changed behind its holder's back. */
function ownerOf({ wire }: World): { key: string; owner: string } {
  const { key, owner = '' } = wire.calls[0]?.request ?? { key: '' };
  return { key, owner };
}

describe('3. Renewal at a third of the lease, through errors until the deadline', () => {
  test('a lease is renewed at about a third of its time, again and again', async () => {
    const world = createWorld();
    const lease = await world.lock.acquire('ledger', { autoRenew: true });
    await pass(world.clock, 900_000, 500);
    expect(renewals(world).slice(0, 4)).toEqual(['3000', '6000', '9000', '12000']);
    expect(renewals(world)).toHaveLength(300);
    expect(lease.remainingMs).toBeGreaterThan(0);
  });

  test.each([
    [0, '2700'],
    [0.25, '2850'],
    [0.999, '3300'],
  ])('the third is jittered by a tenth: a draw of %d renews after %s ms', async (draw, afterMs) => {
    const world = createWorld({ random: () => draw });
    await world.lock.acquire('ledger', { autoRenew: true });
    await pass(world.clock, 3_300, 50);
    expect(renewals(world)).toEqual([afterMs]);
  });

  test('a lease is not renewed unless that was asked for', async () => {
    const world = createWorld();
    await world.lock.acquire('ledger');
    await pass(world.clock, 9_000, 500);
    expect(renewals(world)).toEqual([]);
  });

  test('each try is bounded by a sixth of the lease', async () => {
    const { clock, wire, lock } = createWorld();
    await lock.acquire('ledger', { autoRenew: true });
    await pass(clock, 3_000);
    expect(wire.last('renew').options).toEqual({ timeoutMs: 1_500 });
    expect(wire.last('renew').request).toMatchObject({ key: 'ledger', holdMs: 9_000 });
  });

  test('tries that fail are repeated soon, until the deadline', async () => {
    const world = createWorld();
    const { clock, wire, lock, witness } = world;
    const { signal } = await lock.acquire('ledger', { autoRenew: true });
    wire.hold();
    for (let ms = 0; ms < 9_000; ms += 50) {
      await pass(clock, 50);
      if (wire.count('renew') > 0) wire.last('renew').fail('unknown');
    }
    await turn();
    expect(signal.reason).toMatchObject({ reason: 'deadline' });
    expect(renewals(world)).toEqual(
      Array.from({ length: 14 }, (_, tries) => String(3_000 + 450 * tries)),
    );
    const failed = witness.story.filter((event) => event.includes('renewalFailed'));
    expect(failed).toHaveLength(14);
    expect(witness.story.at(-1)).toBe('8950: lost ledger (deadline)');
  });

  test.each([
    [0, ['3000', '3225', '3450']],
    [0.999, ['3000', '3675', '4350']],
  ])('the pause after a failed try is jittered: a draw of %d', async (draw, tries) => {
    let drawn = 0;
    const world = createWorld({ random: () => (drawn++ === 0 ? 0.5 : draw) });
    const { clock, wire } = world;
    await world.lock.acquire('ledger', { autoRenew: true });
    wire.hold();
    for (let ms = 0; ms < 4_500; ms += 25) {
      await pass(clock, 25);
      if (wire.count('renew') > 0) wire.last('renew').fail('none');
    }
    expect(renewals(world).slice(0, 3)).toEqual(tries);
  });

  test('after a try that succeeds at last, the next is a third later', async () => {
    const world = createWorld();
    const { clock, wire, lock } = world;
    const lease = await lock.acquire('ledger', { autoRenew: true });
    wire.hold();
    await pass(clock, 3_000);
    wire.last('renew').fail('unknown');
    wire.pass();
    await pass(clock, 3_500, 50);
    expect(renewals(world)).toEqual(['3000', '3450', '6450']);
    expect(lease.remainingMs).toBeGreaterThan(8_000);
  });

  test('a lost answer is no loss', async () => {
    const { clock, wire, lock, witness } = createWorld();
    const lease = await lock.acquire('ledger', { autoRenew: true });
    wire.hold();
    await pass(clock, 3_000);
    await wire.last('renew').arrive();
    wire.last('renew').fail('unknown');
    wire.pass();
    await pass(clock, 30_000, 50);
    expect(lease.remainingMs).toBeGreaterThan(0);
    expect(lease.signal.aborted).toBe(false);
    expect(witness.story.slice(0, 3)).toEqual([
      '0: acquired ledger',
      '3000: renewalFailed ledger',
      '3450: renewed ledger',
    ]);
  });

  test.each(['stolen', 'missing'] as const)('%s is loss at once', async (reason) => {
    const world = createWorld();
    const { clock, memory, lock, witness } = world;
    const lease = await lock.acquire('ledger', { autoRenew: true });
    const { signal } = lease;
    const { key, owner } = ownerOf(world);
    await memory.release({ key, owner });
    if (reason === 'stolen') await memory.acquire({ key, owner: 'thief', holdMs: 60_000 });
    await pass(clock, 3_000);
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST', reason });
    expect(lease.remainingMs).toBe(0);
    expect(witness.story).toEqual(['0: acquired ledger', `3000: lost ledger (${reason})`]);
    await pass(clock, 9_000, 500);
    expect(renewals(world)).toEqual(['3000']);
  });

  test('a key that is missing is never made anew', async () => {
    const world = createWorld();
    const { clock, memory, lock } = world;
    await lock.acquire('ledger', { autoRenew: true });
    await memory.release(ownerOf(world));
    await pass(clock, 9_000, 500);
    const free = await memory.acquire({ key: 'ledger', owner: 'next', holdMs: 1 });
    expect(free.status).toBe('granted');
  });

  test('a renewal that was sent before a release and answered after it is no loss', async () => {
    const { clock, wire, memory, lock, witness } = createWorld();
    const lease = await lock.acquire('ledger', { autoRenew: true });
    wire.hold();
    await pass(clock, 3_000);
    const releasing = lease.release();
    await wire.last('release').answer();
    await wire.last('renew').answer();
    expect(await releasing).toBe('released');
    await pass(clock, 18_000, 1_000);
    expect(witness.story).toEqual(['0: acquired ledger', '3000: released ledger']);
    expect(lease.signal.aborted).toBe(false);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('renewals end with the release, and leave no timer', async () => {
    const world = createWorld();
    const { clock, lock } = world;
    const lease = await lock.acquire('ledger', { autoRenew: true });
    await pass(clock, 3_000);
    await lease.release();
    await pass(clock, 9_000, 500);
    expect(renewals(world)).toEqual(['3000']);
    expect(clock.pending).toBe(0);
  });
});

describe('renew', () => {
  test('prolongs the lease, and may take as long as it is still held', async () => {
    const { clock, wire, lock, witness } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.advance(5_000);
    await lease.renew();
    expect(lease.remainingMs).toBe(8_908);
    expect(wire.last('renew').options).toEqual({ timeoutMs: 3_908 });
    expect(witness.story).toEqual(['0: acquired ledger', '5000: renewed ledger']);
  });

  test('that gets no answer rejects, and leaves the lease as it was', async () => {
    const { clock, wire, lock, witness } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.advance(5_000);
    wire.hold();
    const renewing = lease.renew();
    wire.last('renew').fail('unknown');
    await expect(renewing).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(lease.remainingMs).toBe(3_908);
    expect(witness.story).toEqual(['0: acquired ledger']);
  });

  test('of a lease that is stolen or missing rejects with the loss', async () => {
    const world = createWorld();
    const lease = await world.lock.acquire('ledger');
    await world.memory.release(ownerOf(world));
    expect(await endOf(lease.renew())).toMatchObject({ reason: { reason: 'missing' } });
    expect(lease.signal.aborted).toBe(true);
  });
});
