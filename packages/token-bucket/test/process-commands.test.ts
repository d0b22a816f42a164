import { startRedis, until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createTokenBucket } from '../src/index.js';
import { redisBucketStore } from '../src/redis.js';

const own = ownRedis();
const refill = { tokens: 1, everyMs: 3_600_000 };
const limits = [
  { name: 'a', capacity: 100, refill },
  { name: 'b', capacity: 40, refill },
];

function createBucket(redis: Redis = own.direct) {
  return createTokenBucket({ limits, store: redisBucketStore(redis), deadlineMs: 10_000 });
}

/** How often the server carried out each command since the reset, the script's own included. */
async function calls(): Promise<Record<string, number>> {
  const found = (await own.direct.info('commandstats')).matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm);
  const counts = [...found].map(([, name, count]) => [name, Number(count)] as const);
  return Object.fromEntries(counts.filter(([name]) => !/^(info|config|ping)/.test(String(name))));
}

describe('6. On Redis: one call per decision, and nothing that stays', () => {
  beforeEach(async () => {
    await own.direct.flushall();
    await createBucket().peek('k');
    await own.direct.config('RESETSTAT');
  });

  test('a decision is one EVALSHA; inside it TIME is read once and each level once', async () => {
    const bucket = createBucket();
    for (let i = 0; i < 10; i += 1) await bucket.take('k');
    for (let i = 0; i < 10; i += 1) await bucket.peek('k');
    for (let i = 0; i < 10; i += 1) await bucket.take('k', { cost: 50 });
    const { evalsha, time, get, ...writes } = await calls();
    expect({ evalsha, time, get }).toEqual({ evalsha: 30, time: 30, get: 60 });
    // Only the ten takes wrote: each of their two levels once, and its TTL with it.
    expect(Object.values(writes)).toEqual([20]);
  });

  test('SCRIPT FLUSH costs one more sending, once, and charges nothing twice', async () => {
    const bucket = createBucket();
    await bucket.take('k');
    await own.direct.script('FLUSH');
    await own.direct.config('RESETSTAT');
    expect(await bucket.take('k')).toMatchObject({ remaining: 38 });
    expect(await bucket.take('k')).toMatchObject({ remaining: 37 });
    // Of the three sendings the first, NOSCRIPT, did nothing.
    expect(await calls()).toMatchObject({ evalsha: 2, eval: 1, time: 2 });
  });

  test('SCRIPT FLUSH under load charges every take once', async () => {
    const bucket = createBucket();
    const results: boolean[] = [];
    for (let round = 0; round < 10; round += 1) {
      const taking = Array.from({ length: 7 }, () => bucket.take('k'));
      await own.direct.script('FLUSH');
      for (const { allowed } of await Promise.all(taking)) results.push(allowed);
    }
    expect(results.filter((allowed) => allowed)).toHaveLength(40);
    expect((await bucket.peek('k')).limits.map(({ remaining }) => remaining)).toEqual([60, 0]);
  });

  test('FLUSHALL in the midst of traffic makes buckets full again, and does nothing else', async () => {
    const bucket = createBucket();
    const take = () => bucket.take('k');
    const before = Array.from({ length: 50 }, take);
    const flushed = own.direct.flushall();
    const after = Array.from({ length: 50 }, take);
    await flushed;
    const given = (await Promise.all([...before, ...after])).map(({ allowed }) => allowed);
    expect(given.slice(0, 50).filter((allowed) => allowed)).toHaveLength(40);
    expect(given.slice(50).filter((allowed) => allowed)).toHaveLength(40);
  });
});

describe('6. On Redis: one call per decision, and nothing that stays', () => {
  test('a level outlives kill -9 and a restart of a Redis that keeps what it says', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const redis = new Redis(server.url, { retryStrategy: () => 20 });
    redis.on('error', () => {});
    onTestFinished(async () => {
      redis.disconnect();
      await server.stop();
    });
    const bucket = createBucket(redis);
    await bucket.take('k', { cost: 39 });
    const key = 'token-bucket:token-bucket:{k}:b';
    const ttlMs = await redis.pttl(key);
    await server.kill();
    await until(() => redis.status !== 'ready');
    await server.restart();
    await until(() => redis.status === 'ready');
    expect(await bucket.take('k')).toMatchObject({ allowed: true, remaining: 0 });
    expect((await bucket.take('k')).allowed).toBe(false);
    expect(await redis.pttl(key)).toBeLessThanOrEqual(ttlMs + refill.everyMs);
    expect(await redis.pttl(key)).toBeGreaterThan(0);
  });
});
