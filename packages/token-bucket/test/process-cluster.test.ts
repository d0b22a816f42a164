import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, startRedis } from '@gabion/testkit';
import fc from 'fast-check';
import { Cluster } from 'ioredis';
import { createCluster } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bucketStoreLaws } from '../src/conformance.js';
import { createTokenBucket } from '../src/index.js';
import { fromNodeRedis, type RedisClient, redisBucketStore } from '../src/redis.js';

const refill = { tokens: 1, everyMs: 3_600_000 };
const limits = [
  { name: 'a', capacity: 9, refill },
  { name: '}b{', capacity: 9, refill },
];

/** Texts as users write them, and texts made to break out of a hash tag. */
const anyKey = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: fc.constantFrom('{', '}', '%', ':', 'a'), minLength: 1 }),
);

describe('on a cluster', () => {
  let server: Server;
  let cluster: Cluster;
  let node: ReturnType<typeof createCluster>;

  beforeAll(async () => {
    server = await startRedis({ cluster: true });
    cluster = new Cluster([{ host: server.host, port: server.port }]);
    node = createCluster({ rootNodes: [{ url: server.url }] });
    await node.connect();
  });
  afterAll(async () => {
    cluster?.disconnect();
    node?.destroy();
    await server?.stop();
  });

  const clients: [name: string, redis: () => RedisClient][] = [
    ['ioredis', () => cluster],
    ['node-redis', () => fromNodeRedis(node)],
  ];

  describe.each(clients)('the Redis store on a Cluster of %s', (_, redis) => {
    for (const law of bucketStoreLaws) {
      test(law.name, () =>
        law.check({ store: redisBucketStore(redis()), advance: (ms) => sleep(ms + 1) }),
      );
    }
  });

  describe('6. On Redis: one call per decision, and nothing that stays', () => {
    test('the levels of one take share a slot that is decided by the whole key, whatever its text', async () => {
      const keyPrefix = 'cluster:%';
      const store = redisBucketStore(cluster, { keyPrefix });
      const bucket = createTokenBucket({ name: '{n}', limits, store, deadlineMs: 10_000 });
      const seen = new Set<number>();
      await fc.assert(
        fc.asyncProperty(anyKey, async (key) => {
          await cluster.flushall();
          // A cluster refuses a script whose keys lie in different slots.
          expect((await bucket.take(key)).allowed).toBe(true);
          const found = await cluster.nodes('master')[0]?.keys('*');
          const slots = await Promise.all(
            (found ?? []).map((one) => cluster.cluster('KEYSLOT', one)),
          );
          expect(slots).toHaveLength(2);
          expect(new Set(slots).size).toBe(1);
          const escaped = key.replace(/[%{}]/g, (sign) => encodeURIComponent(sign));
          expect(slots[0]).toBe(await cluster.cluster('KEYSLOT', escaped));
          seen.add(Number(slots[0]));
        }),
        { numRuns: 200 },
      );
      expect(seen.size).toBeGreaterThan(50);
    });

    test.each(clients)(
      'different keys for one take are refused before any I/O on %s',
      async (_, redis) => {
        await cluster.flushall();
        const bucket = createTokenBucket({ limits, store: redisBucketStore(redis()) });
        const taking = bucket.take({ a: 'x', '}b{': 'y' });
        await expect(taking).rejects.toThrow(RangeError);
        expect(await cluster.dbsize()).toBe(0);
        expect((await bucket.take({ a: 'x', '}b{': 'x' })).allowed).toBe(true);
        expect(await cluster.dbsize()).toBe(2);
      },
    );
  });
});
