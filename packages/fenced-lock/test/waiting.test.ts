import { describe, expect, test } from 'vitest';
import type { FencedLock, Lease } from '../src/index.js';
import { createWorld, isEmpty, outcomeOf, pass, turn } from './lock-fixtures.js';

/** Lets callers come in this order, each of whom releases at once; returns who was served when. */
async function serve(lock: FencedLock, callers: readonly [who: string, key: string][]) {
  const served: string[] = [];
  await Promise.all(
    callers.map(async ([who, key]) => {
      const lease = await lock.acquire(key);
      served.push(who);
      await turn();
      await lease.release();
    }),
  );
  return served;
}

describe('6. Waiters: one contender per process and key, first come, first served', () => {
  test('callers of one process are served in the order in which they came', async () => {
    const { lock } = createWorld();
    const names = Array.from({ length: 20 }, (_, i) => `caller ${i}`);
    expect(
      await serve(
        lock,
        names.map((who) => [who, 'ledger']),
      ),
    ).toEqual(names);
  });

  test('they cost two calls each: one acquire and one release', async () => {
    const { wire, lock } = createWorld();
    await serve(
      lock,
      Array.from({ length: 50 }, (_, i) => [`caller ${i}`, 'ledger']),
    );
    expect([wire.count('acquire'), wire.count('release'), wire.calls.length]).toEqual([
      50, 50, 100,
    ]);
  });

  test('one caller a key asks the store while another process holds the lock', async () => {
    const { clock, wire, lock, another } = createWorld();
    const holder = await another().acquire('ledger');
    const waiting = Array.from({ length: 50 }, () => lock.acquire('ledger'));
    await pass(clock, 8_000, 100);
    // It asks once more when it has begun to listen: a wake-up may have been missed until then.
    expect(wire.story).toEqual(['0: acquire ledger', '0: acquire ledger']);
    await holder.release();
    const leases: Lease[] = [];
    for (const one of waiting) {
      leases.push(await one);
      await leases.at(-1)?.release();
    }
    expect(wire.count('acquire')).toBe(52);
  });

  test('callers behind a lease of their own process ask nothing', async () => {
    const { clock, wire, lock } = createWorld();
    const holder = await lock.acquire('ledger', { autoRenew: true });
    const waiting = outcomeOf(lock.acquire('ledger', { waitMs: 60_000 }));
    expect(await lock.tryAcquire('ledger')).toBeNull();
    await pass(clock, 60_000, 500);
    expect(await waiting).toMatchObject({ reason: { code: 'LOCK_TIMEOUT' } });
    expect(wire.count('acquire')).toBe(1);
    expect(holder.remainingMs).toBeGreaterThan(0);
  });

  test('a key has a line of its own', async () => {
    const { lock } = createWorld({}, { maxKeys: 2 });
    const busy = await lock.acquire('busy');
    const served: string[] = [];
    const waiting = lock.acquire('busy').then(() => served.push('busy'));
    await lock.acquire('idle').then(() => served.push('idle'));
    await busy.release();
    await waiting;
    expect(served).toEqual(['idle', 'busy']);
  });

  test('waitMs is the longest wait, and the error says of what', async () => {
    const { clock, lock } = createWorld({ name: 'nightly' });
    await lock.acquire('ledger', { autoRenew: true });
    const waiting = outcomeOf(lock.acquire('ledger', { waitMs: 2_500 }));
    await pass(clock, 2_499);
    expect(await Promise.race([waiting, turn()])).toBeUndefined();
    await pass(clock, 1);
    expect(await waiting).toMatchObject({
      reason: {
        code: 'LOCK_TIMEOUT',
        name: 'LockTimeoutError',
        message: 'nightly: "ledger" was not free within 2500 ms',
        key: 'ledger',
        waitMs: 2_500,
      },
    });
  });

  test('waitMs 0 asks once and never waits; tryAcquire does so and resolves with null', async () => {
    const { wire, clock, lock, another } = createWorld();
    await another().acquire('ledger');
    const { pending } = clock;
    await expect(lock.acquire('ledger', { waitMs: 0 })).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      waitMs: 0,
    });
    expect(await lock.tryAcquire('ledger')).toBeNull();
    expect(wire.story).toEqual(['0: acquire ledger', '0: acquire ledger']);
    expect(wire.last('acquire').request.waiter).toBeUndefined();
    expect(clock.pending).toBe(pending);
  });

  test('without a limit a caller waits as long as it takes', async () => {
    const { clock, lock, another } = createWorld();
    const holder = await another().acquire('ledger', { autoRenew: true });
    const waiting = outcomeOf(lock.acquire('ledger'));
    await pass(clock, 3_600_000, 1_500);
    expect(await Promise.race([waiting, turn()])).toBeUndefined();
    await holder.release();
    expect(await waiting).toHaveProperty('value.key', 'ledger');
  });

  test('an error of the store is the error of the caller who asked, and the next one asks', async () => {
    const { wire, lock } = createWorld();
    wire.hold();
    const first = outcomeOf(lock.acquire('ledger'));
    const second = lock.acquire('ledger');
    await turn();
    wire.pass();
    wire.last('acquire').fail('none');
    expect(await first).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE', effect: 'none' } });
    expect((await second).key).toBe('ledger');
  });
});

describe('6. Waiters beyond maxWaiters are refused', () => {
  const code = 'TOO_MANY_WAITERS';

  test('over all keys, wherever they wait', async () => {
    const { lock, another } = createWorld({ maxWaiters: 2 }, { maxKeys: 2 });
    const theirs = await another().acquire('theirs');
    const ours = await lock.acquire('ours');
    const remote = lock.acquire('theirs');
    const local = lock.acquire('ours');
    await turn();
    for (const key of ['theirs', 'ours']) {
      await expect(lock.acquire(key)).rejects.toMatchObject({
        code,
        message: `acquire: 2 callers wait already, key "${key}"`,
      });
    }
    await theirs.release();
    await (await remote).release();
    const next = lock.acquire('ours');
    await ours.release();
    await (await local).release();
    await (await next).release();
  });

  test('those who have given up are not counted', async () => {
    const { lock, another } = createWorld({ maxWaiters: 1 });
    await another().acquire('ledger');
    for (let round = 0; round < 3; round += 1) {
      const leaving = new AbortController();
      const waiting = outcomeOf(lock.acquire('ledger', { signal: leaving.signal }));
      await turn();
      leaving.abort('gone');
      expect(await waiting).toEqual({ reason: 'gone' });
    }
  });

  test('with 0 nobody waits, and who need not wait is served', async () => {
    const { memory, lock, another } = createWorld({ maxWaiters: 0 });
    const holder = await another().acquire('ledger');
    await expect(lock.acquire('ledger')).rejects.toMatchObject({ code });
    expect(await lock.tryAcquire('ledger')).toBeNull();
    await turn();
    await holder.release();
    expect(await isEmpty(memory)).toBe(true);
    const lease = await lock.acquire('ledger');
    await expect(lock.acquire('ledger')).rejects.toMatchObject({ code });
    await lease.release();
  });
});
