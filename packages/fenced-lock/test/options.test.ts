import { systemClock } from '@gabion/clock';
import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import { createFencedLock } from '../src/index.js';
import { defaults, settle } from '../src/shell/options.js';
import { createWitness, createWorld, pass, startMs, turn } from './lock-fixtures.js';

describe('the defaults of createFencedLock', () => {
  test('are these, in one constant that cannot be changed', () => {
    expect(defaults).toEqual({
      name: 'fenced-lock',
      leaseMs: 10_000,
      lockDelayMs: 0,
      maxWaiters: 10_000,
    });
    expect(Object.isFrozen(defaults)).toBe(true);
  });

  test('stand in for what is left out, or undefined', () => {
    const { store, ...settings } = settle('createFencedLock', {});
    expect(settings).toEqual({
      ...defaults,
      holdMs: 10_000,
      clock: systemClock,
      random: Math.random,
      observer: undefined,
    });
    const undefineds = Object.fromEntries(Object.keys(settings).map((name) => [name, undefined]));
    const { store: other, ...again } = settle('createFencedLock', undefineds);
    expect(again).toEqual(settings);
    expect(other).not.toBe(store);
  });

  test('are a lock within the process, on its own clocks', async () => {
    const lock = createFencedLock();
    const before = Date.now() * 1_000;
    const lease = await lock.acquire('ledger');
    expect(lease.fence).toBeGreaterThanOrEqual(before);
    expect(lease.remainingMs).toBeLessThanOrEqual(9_898);
    expect(await lock.tryAcquire('ledger')).toBeNull();
    expect(await lease.release()).toBe('released');
  });

  test('give a lock with a clock of its own a store on that clock', async () => {
    const clock = createManualClock(startMs);
    const first = createFencedLock({ clock });
    const lease = await first.acquire('ledger');
    expect(lease.fence).toBe(startMs * 1_000);
    await pass(clock, 10_000, 1_000);
    expect(await first.tryAcquire('ledger')).not.toBeNull();
  });

  test('give each lock a store of its own', async () => {
    const locks = [createFencedLock(), createFencedLock()];
    for (const lock of locks) expect(await lock.tryAcquire('ledger')).not.toBeNull();
  });
});

describe('an option of createFencedLock', () => {
  test('name is in the events and the errors', async () => {
    const { lock, witness } = createWorld({ name: 'nightly' });
    const lease = await lock.acquire('ledger');
    expect(witness.events).toMatchObject([{ what: 'acquired', name: 'nightly' }]);
    await expect(lock.acquire('ledger', { waitMs: 0 })).rejects.toThrow(/^nightly: /);
    await lease.release();
    expect(() => lease.assertHeld()).toThrow(/^nightly: /);
  });

  test('leaseMs is how long a grant holds, in the store and for its holder', async () => {
    const { wire, lock } = createWorld({ leaseMs: 10 });
    const lease = await lock.acquire('ledger');
    expect(lease.remainingMs).toBeCloseTo(7.9);
    expect(wire.last('acquire').request).toMatchObject({ holdMs: 10 });
  });

  test('store is where the leases live: locks on one store exclude each other', async () => {
    const { lock, another } = createWorld();
    await lock.acquire('ledger');
    expect(await another().tryAcquire('ledger')).toBeNull();
  });

  test('clock is what leases are measured on', async () => {
    const { clock, lock } = createWorld();
    const lease = await lock.acquire('ledger');
    clock.advance(1_000);
    expect(lease.remainingMs).toBe(7_908);
  });

  test('random is drawn for jitter, and for nothing else', async () => {
    let drawn = 0;
    const random = () => {
      drawn += 1;
      return 0.5;
    };
    const { clock, lock } = createWorld({ random });
    const lease = await lock.acquire('ledger');
    expect(drawn).toBe(0);
    await lease.release();
    await lock.acquire('ledger', { autoRenew: true });
    await pass(clock, 3_000);
    expect(drawn).toBe(2);
  });

  test('observer is told; without one nothing is', async () => {
    const told = createWorld();
    await told.lock.acquire('ledger');
    expect(told.witness.story).toEqual(['0: acquired ledger']);
    const untold = createWorld({ observer: undefined });
    await untold.lock.acquire('ledger');
    expect(untold.witness.story).toEqual([]);
    const { observer, events } = createWitness(told.clock);
    await createFencedLock({ clock: told.clock, observer }).acquire('ledger');
    expect(events).toHaveLength(1);
  });
});

describe('an option of acquire', () => {
  test('autoRenew renews the lease until it is released', async () => {
    const { clock, wire, lock } = createWorld();
    const lease = await lock.acquire('ledger', { autoRenew: true });
    await pass(clock, 30_000, 500);
    expect(wire.count('renew')).toBe(10);
    await lease.release();
  });

  test('autoRenew is false in tryAcquire too, and can be true', async () => {
    for (const autoRenew of [undefined, true]) {
      const { clock, wire, lock } = createWorld();
      await lock.tryAcquire('ledger', { autoRenew });
      await pass(clock, 3_000);
      expect(wire.count('renew')).toBe(autoRenew ? 1 : 0);
    }
  });

  test('floor makes the fence greater than it', async () => {
    const { lock } = createWorld({}, { maxKeys: 3 });
    const floor = 2 ** 52;
    expect((await lock.acquire('a', { floor })).fence).toBe(floor + 1);
    expect((await lock.tryAcquire('b', { floor }))?.fence).toBe(floor + 2);
    expect((await lock.acquire('c', { floor: 0 })).fence).toBe(floor + 3);
  });

  test('waitMs Infinity waits without a limit', async () => {
    const { clock, lock } = createWorld();
    const lease = await lock.acquire('ledger', { autoRenew: true });
    const waiting = lock.acquire('ledger', { waitMs: Infinity });
    await pass(clock, 60_000, 1_000);
    await lease.release();
    expect((await waiting).key).toBe('ledger');
    await turn();
    expect(await lock.tryAcquire('ledger')).toBeNull();
  });
});
