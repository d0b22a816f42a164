import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createFencedLock, type FencedLockOptions } from '../src/index.js';
import { redisLeaseStore } from '../src/redis.js';

const own = ownRedis();
const leaseKey = 'fenced-lock:{n}:lease:k';

function open(options: FencedLockOptions = {}, timeoutMs = 200) {
  const redis = new Redis(own.proxy.url(), { retryStrategy: () => 20 });
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  const store = redisLeaseStore(redis, { namespace: 'n', timeoutMs });
  return createFencedLock({ store, ...options });
}

/** A lock that has talked to its server, so that the next fault hits a connection that is there. */
async function openWarm(options?: FencedLockOptions, timeoutMs?: number) {
  const lock = open(options, timeoutMs);
  await (await lock.acquire('warm')).release();
  return lock;
}

const isFree = async () => (await own.direct.exists(leaseKey)) === 0;

describe('4. A grant that comes too late is given back', () => {
  beforeEach(() => own.direct.flushall());

  test('one that arrives when its time is used up is not returned as held', async () => {
    const lock = await openWarm({ leaseMs: 100 }, 2_000);
    // Each way takes longer than the lease: no answer can ever be in time.
    own.proxy.delay(150);
    expect(await lock.tryAcquire('k')).toBeNull();
    const error = await lock.acquire('k', { waitMs: 700 }).catch((reason) => reason);
    expect(error.code).toBe('LOCK_TIMEOUT');
    own.proxy.heal();
    await until(isFree);
  });

  test('one that is granted after an abort is given back', async () => {
    const lock = await openWarm({ leaseMs: 60_000 });
    own.proxy.stall();
    const abort = new AbortController();
    const acquiring = lock.acquire('k', { signal: abort.signal });
    abort.abort('changed my mind');
    await expect(acquiring).rejects.toBe('changed my mind');
    own.proxy.heal();
    // A lease of a minute would outlast the test: only the giving back can free it.
    const lease = await lock.acquire('k', { waitMs: 10_000 });
    expect(await lease.release()).toBe('released');
    await until(isFree);
  });

  test('one that is granted after a time-out is given back', async () => {
    const lock = await openWarm({ leaseMs: 60_000 });
    own.proxy.stall();
    await expect(lock.acquire('k', { waitMs: 50 })).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
    own.proxy.heal();
    const lease = await lock.acquire('k', { waitMs: 10_000 });
    expect(await lease.release()).toBe('released');
  });

  test('one whose reply was lost, and the second as well, is given back', async () => {
    const lock = await openWarm({ leaseMs: 60_000 });
    own.proxy.dropReplies();
    await expect(lock.acquire('k')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      effect: 'unknown',
    });
    // It was granted, though nobody heard.
    own.proxy.heal();
    await until(isFree);
  });

  test('an acquire whose reply was lost and is sent again gets its own lock', async () => {
    const lock = await openWarm({ leaseMs: 60_000 }, 300);
    own.proxy.dropReplies();
    const acquiring = lock.acquire('k');
    const granted = await until(() => own.direct.get(leaseKey));
    own.proxy.heal();
    const lease = await acquiring;
    // The same grant: the repeated request was answered with the fence that was minted first.
    expect(granted.split(' ')[2]).toBe(String(lease.fence));
    expect(await own.direct.get('fenced-lock:{n}:fence')).toBe(String(lease.fence));
  });
});
