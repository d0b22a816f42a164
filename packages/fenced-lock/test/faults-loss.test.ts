import { ownRedis } from '@gabion/testkit/own-redis';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createFencedLock, type FencedLockObserver, type Lease } from '../src/index.js';
import { redisLeaseStore } from '../src/redis.js';

const own = ownRedis();
const leaseMs = 400;

function open(observer?: FencedLockObserver) {
  const redis = new Redis(own.proxy.url(), { retryStrategy: () => 20 });
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  const store = redisLeaseStore(redis, { namespace: 'n' });
  return createFencedLock({ store, leaseMs, observer });
}

const leaseKey = 'fenced-lock:{n}:lease:k';

/** Resolves with what came first: the loss, or a timer of `leaseMs` that was set at the call. */
function lossOrLeaseEnd(lease: Lease): Promise<unknown> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('the lease ended first'), leaseMs);
    lease.signal.addEventListener('abort', () => resolve(lease.signal.reason), { once: true });
  });
}

describe('2. Loss is noticed without the network', () => {
  beforeEach(() => own.direct.flushall());

  test.each<[string, () => unknown, () => unknown]>([
    ['stalled', () => own.proxy.stall(), () => {}],
    ['paused by SIGSTOP', () => own.server.pause(), () => own.server.resume()],
    ['killed', () => own.server.kill(), () => own.server.restart()],
    ['losing every reply', () => own.proxy.dropReplies(), () => {}],
    ['refusing connections', () => own.proxy.refuse(), () => {}],
  ])('the signal of a holder aborts in time when its Redis is %s', async (_, break_, mend) => {
    const lock = open();
    const lease = await lock.acquire('k', { autoRenew: true });
    await break_();
    // From here on nothing is granted, so the deadline lies within a lease of what came before.
    const first = await lossOrLeaseEnd(lease);
    await mend();
    expect(first).toMatchObject({ code: 'LEASE_LOST', reason: 'deadline' });
    expect(() => lease.assertHeld()).toThrow('was not renewed in time');
    expect(lease.remainingMs).toBe(0);
  });

  test('a store that is back in time keeps the lease', async () => {
    const renewals: number[] = [];
    const lock = open({ renewed: ({ fence }) => renewals.push(fence) });
    const lease = await lock.acquire('k', { autoRenew: true });
    own.proxy.cut();
    await new Promise<void>((resolve) => {
      const looking = setInterval(() => {
        if (renewals.length < 6) return;
        clearInterval(looking);
        resolve();
      }, 10);
    });
    lease.assertHeld();
    expect(lease.signal.aborted).toBe(false);
    expect(new Set(renewals)).toEqual(new Set([lease.fence]));
    expect(await lease.release()).toBe('released');
  });

  test('a blocked event loop does not hide the loss: assertHeld reads the clocks', async () => {
    const lease = await open().acquire('k', { autoRenew: true });
    const until = performance.now() + leaseMs;
    while (performance.now() < until);
    // No timer has had a chance to fire.
    expect(() => lease.assertHeld()).toThrow('was not renewed in time');
    expect(lease.signal).toMatchObject({ aborted: true, reason: { reason: 'deadline' } });
  });
});

describe('3. Renewal: what the store says of another owner or none', () => {
  beforeEach(() => own.direct.flushall());

  test('a key that vanished is a loss at once, and is never recreated', async () => {
    const lease = await open().acquire('k', { autoRenew: true });
    await own.direct.del(leaseKey);
    const reason = await lossOrLeaseEnd(lease);
    expect(reason).toMatchObject({ code: 'LEASE_LOST', reason: 'missing' });
    expect(await own.direct.exists(leaseKey)).toBe(0);
  });

  test('a key of another owner is a loss at once, and stays as it is', async () => {
    const lease = await open().acquire('k', { autoRenew: true });
    await own.direct.set(leaseKey, '1 somebody.1 7', 'PX', 60_000);
    const reason = await lossOrLeaseEnd(lease);
    expect(reason).toMatchObject({ code: 'LEASE_LOST', reason: 'stolen' });
    expect(await lease.release()).toBe('not-held');
    expect(await own.direct.get(leaseKey)).toBe('1 somebody.1 7');
  });

  test('lost replies are no loss while one in a lease comes through', async () => {
    let failed = 0;
    const lock = open({
      renewalFailed() {
        failed += 1;
        own.proxy.heal();
      },
    });
    const lease = await lock.acquire('k', { autoRenew: true });
    own.proxy.dropReplies();
    await new Promise((resolve) => setTimeout(resolve, leaseMs * 1.5));
    lease.assertHeld();
    expect(failed).toBeGreaterThan(0);
    expect(await lease.release()).toBe('released');
  });
});
