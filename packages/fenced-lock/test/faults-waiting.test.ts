import { createHistory, until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createFencedLock } from '../src/index.js';
import { redisLeaseStore } from '../src/redis.js';

const own = ownRedis();
const leaseKey = 'fenced-lock:{n}:lease:k';

function connect(url: string): Redis {
  const redis = new Redis(url, { retryStrategy: () => 20 });
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** A lock as another process would have one: a store, two connections, a place in the line. */
function openProcess({ leaseMs = 2_000, subscriberUrl = own.server.url } = {}) {
  const subscriber = connect(subscriberUrl);
  const store = redisLeaseStore(connect(own.server.url), { namespace: 'n', subscriber });
  onTestFinished(() => store.close());
  return { lock: createFencedLock({ store, leaseMs }), store, subscriber };
}

const lineLength = async () => ((await own.direct.get(leaseKey)) ?? '').split(' ').length - 3;

describe('6. Waiters: across processes', () => {
  beforeEach(() => own.direct.flushall());

  test('they are served in the order in which they came, one wake-up each', async () => {
    const { lock } = openProcess();
    const held = await lock.acquire('k');
    const served = createHistory<{ waiter: number }>();
    const done: Promise<unknown>[] = [];
    for (const waiter of [0, 1, 2, 3]) {
      const acquiring = openProcess().lock.acquire('k');
      done.push(
        acquiring.then((lease) => {
          served.record({ waiter });
          return lease.release();
        }),
      );
      await until(async () => (await lineLength()) === waiter + 1);
    }
    await held.release();
    await Promise.all(done);
    expect(served.events.map(({ waiter }) => waiter)).toEqual([0, 1, 2, 3]);
    expect(await own.direct.exists(leaseKey)).toBe(0);
  });

  test('a waiter that died does not block those behind it', async () => {
    const { lock } = openProcess();
    const held = await lock.acquire('k');
    const dead = connect(own.server.url);
    const deadLock = createFencedLock({ store: redisLeaseStore(dead, { namespace: 'n' }) });
    deadLock.acquire('k', { waitMs: 60_000 }).catch(() => {});
    await until(async () => (await lineLength()) === 1);
    dead.disconnect();
    const behind = openProcess().lock.acquire('k', { waitMs: 10_000 });
    await until(async () => (await lineLength()) === 2);
    await held.release();
    await (await behind).release();
  });

  test('a lost wake-up costs at most the rest of the lease', async () => {
    const { lock } = openProcess();
    const held = await lock.acquire('k');
    const { lock: deaf } = openProcess({ subscriberUrl: own.proxy.url() });
    const acquiring = deaf.acquire('k', { waitMs: 60_000 });
    await until(async () => (await lineLength()) === 1);
    own.proxy.refuse();
    await held.release();
    const lease = await acquiring;
    expect(lease.fence).toBeGreaterThan(held.fence);
    await lease.release();
  });

  test('an aborted waiter leaves nothing behind', async () => {
    const { lock } = openProcess();
    const held = await lock.acquire('k');
    const { lock: waiting } = openProcess();
    const abort = new AbortController();
    const acquiring = waiting.acquire('k', { signal: abort.signal });
    await until(async () => (await lineLength()) === 1);
    abort.abort('enough');
    await expect(acquiring).rejects.toBe('enough');
    await until(async () => (await lineLength()) === 0);
    await held.release();
    expect(await own.direct.keys('*')).toEqual(['fenced-lock:{n}:fence']);
  });

  test('fifty callers of one process are one remote contender', async () => {
    const { lock } = openProcess();
    const held = await lock.acquire('k');
    const { lock: crowd } = openProcess();
    const served = createHistory<{ caller: number }>();
    const callers = Array.from({ length: 50 }, async (_, caller) => {
      const lease = await crowd.acquire('k');
      served.record({ caller });
      await lease.release();
    });
    await until(async () => (await lineLength()) === 1);
    await own.direct.config('RESETSTAT');
    await held.release();
    await Promise.all(callers);
    const stats = await own.direct.info('commandstats');
    const calls = Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    // The release that woke them, then one acquire and one release each, and a few for the start.
    expect(calls).toBeGreaterThanOrEqual(101);
    expect(calls).toBeLessThanOrEqual(106);
    expect(served.events.map(({ caller }) => caller)).toEqual(callers.map((_, caller) => caller));
  });
});
