import { redisForTests } from '@gabion/testkit';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { fenceStoreLaws, leaseStoreLaws } from '../src/conformance.js';
import { type RedisLeaseStore, redisFenceStore, redisLeaseStore } from '../src/redis.js';
import { type OpenedRedis, realTime, redisClients } from './store-clients.js';

describe.each(redisClients)('on Redis by %s', (_, open) => {
  const shared = redisForTests(inject('redisUrl'));
  const place = { keyPrefix: shared.prefix, timeoutMs: 10_000 };
  let opened: OpenedRedis;
  let store: RedisLeaseStore;
  beforeAll(async () => {
    opened = await open(inject('redisUrl'));
    store = redisLeaseStore(opened.redis, { ...place, subscriber: opened.subscriber });
  });
  afterAll(async () => {
    await store.close();
    opened.close();
    await shared.cleanup();
  });

  describe('the lease store', () => {
    for (const law of leaseStoreLaws) {
      test(law.name, () => law.check({ store, advance: realTime }));
    }
  });

  describe('the fence store', () => {
    for (const law of fenceStoreLaws) {
      test(law.name, () => law.check({ store: redisFenceStore(opened.redis, place) }));
    }
  });
});
