import { setTimeout as sleep } from 'node:timers/promises';
import { redisForTests } from '@gabion/testkit';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { bucketStoreLaws } from '../src/conformance.js';
import { redisBucketStore } from '../src/redis.js';
import { clients, type Opened } from './redis-clients.js';

describe.each(clients)('the Redis store on %s', (_, open) => {
  const shared = redisForTests(inject('redisUrl'));
  let opened: Opened;
  beforeAll(async () => {
    opened = await open(inject('redisUrl'));
  });
  afterAll(async () => {
    opened.close();
    await shared.cleanup();
  });

  for (const law of bucketStoreLaws) {
    test(law.name, () => {
      const store = redisBucketStore(opened.redis, { keyPrefix: shared.prefix });
      return law.check({ store, advance: (ms) => sleep(ms + 1) });
    });
  }
});
