import { type RedisServer, startRedis, until } from '@gabion/testkit';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFencedLock } from '../src/index.js';
import { redisLeaseStore } from '../src/redis.js';

const maxMemoryBytes = 64 * 1024 * 1024;

describe('10. Keys of any text, and a Redis that may drop them', () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    const args = ['--maxmemory', String(maxMemoryBytes), '--maxmemory-policy', 'noeviction'];
    server = await startRedis({ args });
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  test.each(['volatile-ttl', 'volatile-lru', 'allkeys-lru', 'allkeys-random'])(
    'the observer is told of the policy %s at first use, once',
    async (policy) => {
      await redis.config('SET', 'maxmemory-policy', policy);
      const told: object[] = [];
      const lock = createFencedLock({
        store: redisLeaseStore(redis),
        name: 'jobs',
        observer: { evictionRiskFound: (event) => told.push(event) },
      });
      await (await lock.acquire('k')).release();
      await until(() => told.length > 0);
      await (await lock.acquire('k')).release();
      expect(told).toEqual([{ name: 'jobs', atMs: expect.any(Number), policy, maxMemoryBytes }]);
    },
  );

  test('nobody is told of a Redis that evicts nothing', async () => {
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    expect(await redisLeaseStore(redis).findEvictionRisk?.()).toBeUndefined();
  });
});
