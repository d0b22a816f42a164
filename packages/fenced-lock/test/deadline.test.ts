import { describe, expect, test } from 'vitest';
import { LeaseLostError } from '../src/index.js';
import { createWorld, endOf, heldForMs, outcomeOf, pass, startMs, turn } from './lock-fixtures.js';

/** What a call throws, as the code and the reason of its error. */
function lossOf(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return [(error as LeaseLostError).code, (error as LeaseLostError).reason];
  }
  return 'nothing';
}

describe('2. Loss is noticed without the network', () => {
  test('a lease is held for leaseMs, less the margin, from when its request was sent', async () => {
    const { clock, wire, lock } = createWorld();
    wire.hold();
    const acquiring = lock.acquire('ledger');
    await turn();
    clock.advance(2_000);
    await wire.last('acquire').answer();
    const lease = await acquiring;
    expect(lease.remainingMs).toBe(heldForMs - 2_000);
    clock.advance(heldForMs - 2_001);
    expect(lossOf(() => lease.assertHeld())).toBe('nothing');
    clock.advance(1);
    expect(lossOf(() => lease.assertHeld())).toEqual(['LEASE_LOST', 'deadline']);
    expect(lease.remainingMs).toBe(0);
  });

  test('the signal aborts by its own timer while the store is stalled', async () => {
    const { clock, wire, lock } = createWorld();
    const lease = await lock.acquire('ledger', { autoRenew: true });
    const { signal } = lease;
    wire.hold();
    await pass(clock, heldForMs - 1);
    expect(signal.aborted).toBe(false);
    await pass(clock, 1);
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST', reason: 'deadline' });
    expect(signal.reason).toBeInstanceOf(LeaseLostError);
  });

  test('the signal aborts leaseMs after the last renewal that the store granted was sent', async () => {
    const { clock, wire, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    const { signal } = lease;
    wire.hold();
    clock.advance(3_000);
    const first = lease.renew();
    clock.advance(1_000);
    await wire.last('renew').answer();
    await first;
    clock.advance(1_000);
    lease.renew().catch(() => {});
    await pass(clock, heldForMs - 2_001, 500);
    expect(signal.aborted).toBe(false);
    await pass(clock, 1);
    expect(signal.aborted).toBe(true);
  });

  test('assertHeld is right though the event loop was blocked and no timer has fired', async () => {
    const { clock, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    const { signal } = lease;
    clock.advance(60_000);
    expect(signal.aborted).toBe(false);
    expect(lossOf(() => lease.assertHeld())).toEqual(['LEASE_LOST', 'deadline']);
    expect(signal.aborted).toBe(true);
  });

  test('a machine that slept has lost its lease, though its monotonic clock stood still', async () => {
    const { clock, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.setWall(startMs + 60_000);
    expect(lossOf(() => lease.assertHeld())).toEqual(['LEASE_LOST', 'deadline']);
  });

  test('a wall clock that is set back prolongs nothing', async () => {
    const { clock, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.setWall(startMs - 60_000);
    clock.advance(heldForMs);
    expect(lossOf(() => lease.assertHeld())).toEqual(['LEASE_LOST', 'deadline']);
  });

  test('the error names the lock, the key and the fence, and says why', async () => {
    const { clock, lock } = createWorld({ name: 'nightly' });
    const lease = await lock.acquire('ledger');
    clock.advance(heldForMs);
    expect(() => lease.assertHeld()).toThrow(
      `nightly: the lease of "ledger", fence ${lease.fence}, was not renewed in time`,
    );
    expect(lease.signal.reason).toBeInstanceOf(LeaseLostError);
    expect(() => lease.assertHeld()).toThrow(lease.signal.reason);
  });

  test('a renewal that is granted too late does not bring a lost lease back', async () => {
    const { clock, wire, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.advance(5_000);
    wire.hold();
    const renewing = lease.renew();
    clock.advance(heldForMs - 5_000);
    expect(lease.remainingMs).toBe(0);
    await wire.last('renew').answer();
    await expect(renewing).rejects.toMatchObject({ code: 'LEASE_LOST', reason: 'deadline' });
    expect(lease.remainingMs).toBe(0);
  });

  test('what is lost by the clocks is not asked of the store any more', async () => {
    const { clock, wire, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.advance(heldForMs);
    await expect(lease.renew()).rejects.toMatchObject({ reason: 'deadline' });
    expect(wire.count('renew')).toBe(0);
  });

  test('the next caller of the process has the turn as soon as the loss is noticed', async () => {
    for (const comes of ['before the grant', 'after it']) {
      const { clock, wire, lock, witness } = createWorld();
      wire.hold();
      const first = lock.acquire('ledger');
      let next = comes === 'before the grant' ? lock.acquire('ledger') : undefined;
      await turn();
      wire.pass();
      await wire.last('acquire').answer();
      const lost = await first;
      next ??= lock.acquire('ledger');
      await pass(clock, 9_000 + 25, 25);
      expect((await next).fence).toBeGreaterThan(lost.fence);
      expect(witness.story[1]).toBe('8925: lost ledger (deadline)');
    }
  });

  test('whoever asks for a lock notices that its lease is over', async () => {
    for (const waits of [true, false]) {
      const { clock, lock, witness } = createWorld();
      const dropped = await lock.acquire('ledger');
      clock.advance(9_000);
      const next = await (waits ? lock.acquire('ledger') : lock.tryAcquire('ledger'));
      expect(next?.fence).toBeGreaterThan(dropped.fence);
      expect(witness.story[1]).toBe('9000: lost ledger (deadline)');
    }
  });

  test('whoever begins to wait as it ends has the next turn', async () => {
    const { clock, lock } = createWorld();
    const dropped = await lock.acquire('ledger');
    clock.advance(heldForMs - 1);
    // Time passes between the first look and the second, as it does on a real clock.
    const now = clock.now.bind(clock);
    let looks = 0;
    clock.now = () => now() + looks++ / 2;
    const next = lock.acquire('ledger');
    await pass(clock, 9_000, 50);
    expect(await endOf(next)).toHaveProperty('value.key', 'ledger');
    expect(dropped.remainingMs).toBe(0);
  });

  test('a lease that was dropped, and waited for by nobody, is noticed by two leases later', async () => {
    const { clock, lock, witness } = createWorld();
    await lock.acquire('ledger');
    expect(clock.pending).toBe(1);
    await pass(clock, 18_000, 1_000);
    expect(witness.story).toEqual(['0: acquired ledger', '9000: lost ledger (deadline)']);
    expect(clock.pending).toBe(0);
    expect(await endOf(lock.tryAcquire('ledger'))).toHaveProperty('value.key', 'ledger');
  });

  test('a lease that ends as it is granted is lost after that, and leaves nothing', async () => {
    for (let jumpsAt = 1; jumpsAt < 25; jumpsAt += 1) {
      const { clock, lock, witness } = createWorld();
      // The loop stands still for a whole lease between two looks at the clock.
      const now = clock.now.bind(clock);
      let looks = 0;
      clock.now = () => now() + (looks++ < jumpsAt ? 0 : 9_000);
      const leaving = new AbortController();
      const granted = lock.acquire('ledger', { autoRenew: true });
      const behind = outcomeOf(lock.acquire('ledger', { signal: leaving.signal }));
      const lease = await granted;
      await turn();
      leaving.abort();
      await behind;
      await pass(clock, 9_000, 1_000);
      await lease.release();
      await pass(clock, 27_000, 1_000);
      expect(clock.pending).toBe(0);
      const kinds = witness.story.map((event) => event.split(' ')[1]);
      expect(kinds[0]).toBe('acquired');
      expect(kinds).not.toContain('renewalFailed');
    }
  });

  test('a release never aborts the signal, and afterwards assertHeld says released', async () => {
    const { clock, lock, witness } = createWorld();
    const lease = await lock.acquire('ledger');
    const { signal } = lease;
    expect(await lease.release()).toBe('released');
    await pass(clock, 60_000);
    expect(signal.aborted).toBe(false);
    expect(lossOf(() => lease.assertHeld())).toEqual(['LEASE_LOST', 'released']);
    await expect(lease.renew()).rejects.toMatchObject({ reason: 'released' });
    expect(lease.remainingMs).toBe(0);
    expect(witness.story).toEqual(['0: acquired ledger', '0: released ledger']);
  });

  test('a process may end while leases are held: their timers keep nothing alive', async () => {
    const { clock, lock } = createWorld();
    const kept: (boolean | undefined)[] = [];
    const { sleep } = clock;
    clock.sleep = (ms, options) => {
      kept.push(options?.keepsAlive);
      return sleep(ms, options);
    };
    const lease = await lock.acquire('ledger', { autoRenew: true });
    void lease.signal;
    await pass(clock, 9_000, 1_000);
    expect(new Set(kept)).toEqual(new Set([false]));
  });
});
