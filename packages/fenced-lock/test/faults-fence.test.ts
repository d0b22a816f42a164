import { startFaultProxy, startRedis, until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createFencedLock, createFenceGuard } from '../src/index.js';
import { redisFenceStore, redisLeaseStore } from '../src/redis.js';

const own = ownRedis();
const counter = 'fenced-lock:{n}:fence';

function lockOn(redis: Redis) {
  return createFencedLock({ store: redisLeaseStore(redis, { namespace: 'n' }), leaseMs: 2_000 });
}

async function fenceOf(lock: ReturnType<typeof lockOn>, floor?: number): Promise<number> {
  const lease = await lock.acquire('k', { waitMs: 5_000, floor });
  await lease.release();
  return lease.fence;
}

describe('1. The fence only grows: what a Redis may go through', () => {
  beforeEach(() => own.direct.flushall());

  test.each<[string, () => Promise<unknown>]>([
    ['FLUSHALL', () => own.direct.flushall()],
    ['the eviction of the counter', () => own.direct.del(counter)],
    ['a counter that was set back', () => own.direct.set(counter, '7')],
    [
      'kill -9 without persistence',
      async () => {
        await own.server.kill();
        await own.server.restart();
        await until(() => own.direct.ping());
      },
    ],
  ])('%s does not set it back', async (_, disaster) => {
    const lock = lockOn(own.direct);
    const before = await fenceOf(lock);
    await disaster();
    expect(await fenceOf(lock)).toBeGreaterThan(before);
  });

  test('a counter that is ahead of the clock goes on counting by one', async () => {
    const ahead = Date.now() * 1_000 + 3_600_000_000;
    await own.direct.set(counter, ahead);
    const lock = lockOn(own.direct);
    expect([await fenceOf(lock), await fenceOf(lock)]).toEqual([ahead + 1, ahead + 2]);
  });

  test('every digit counts up to 2^53 − 1, and then there is an error', async () => {
    const lock = lockOn(own.direct);
    await own.direct.set(counter, String(2 ** 53 - 4));
    expect([await fenceOf(lock), await fenceOf(lock), await fenceOf(lock)]).toEqual([
      9007199254740989, 9007199254740990, 9007199254740991,
    ]);
    await expect(fenceOf(lock)).rejects.toMatchObject({ code: 'FENCE_EXHAUSTED' });
    expect(await own.direct.get(counter)).toBe('9007199254740991');
  });

  test('where clock and counter went back, the guard refuses, and a floor heals', async () => {
    const guard = createFenceGuard(redisFenceStore(own.direct, { namespace: 'n' }));
    // What an hour ahead was granted before the clock was set right.
    const future = Date.now() * 1_000 + 3_600_000_000;
    await guard.advance('ledger', future);
    const lock = lockOn(own.direct);
    const fence = await fenceOf(lock);
    const refusal = await guard.advance('ledger', fence).catch((error) => error);
    expect(refusal).toMatchObject({ code: 'STALE_FENCE', fence, highest: future });
    const healed = await fenceOf(lock, refusal.highest);
    expect(healed).toBe(future + 1);
    await guard.advance('ledger', healed);
    expect(await fenceOf(lock)).toBe(future + 2);
  });

  test('a replica that lags, once promoted, grants no fence a second time', async () => {
    const link = await startFaultProxy(own.server);
    onTestFinished(() => link.stop());
    const replica = await startRedis({ replicaOf: link });
    onTestFinished(() => replica.stop());
    const before = await fenceOf(lockOn(own.direct));
    const promoted = new Redis(replica.url);
    onTestFinished(() => promoted.disconnect());
    await until(async () => Number(await promoted.get(counter)) === before);
    link.stall();
    const lost = [];
    for (let grants = 0; grants < 5; grants += 1) lost.push(await fenceOf(lockOn(own.direct)));
    // The replica knows nothing of the last five.
    expect(Number(await promoted.get(counter))).toBe(before);
    await replica.promote();
    expect(await fenceOf(lockOn(promoted))).toBeGreaterThan(Math.max(...lost));
  });
});
