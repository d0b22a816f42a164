import { type Server, startRedis } from '@gabion/testkit';
import fc from 'fast-check';
import { Cluster } from 'ioredis';
import { createCluster } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fenceStoreLaws, leaseStoreLaws } from '../src/conformance.js';
import {
  fencedSet,
  fromNodeRedis,
  type RedisClient,
  type RedisLeaseStore,
  type RedisSubscriber,
  redisFenceStore,
  redisLeaseStore,
} from '../src/redis.js';
import { realTime } from './store-clients.js';

const timeoutMs = 10_000;

/** Texts as users write them, and texts made to break out of a hash tag. */
const anyKey = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: fc.constantFrom('{', '}', '%', ':', 'a'), minLength: 1 }),
);

describe('on a cluster', () => {
  let server: Server;
  let clusters: Cluster[];
  let nodes: ReturnType<typeof createCluster>[];

  beforeAll(async () => {
    server = await startRedis({ cluster: true });
    const { host, port, url } = server;
    clusters = [1, 2].map(() => new Cluster([{ host, port }]));
    nodes = [1, 2].map(() => createCluster({ rootNodes: [{ url }] }));
    await Promise.all(nodes.map((node) => node.connect()));
  });
  afterAll(async () => {
    for (const cluster of clusters ?? []) cluster.disconnect();
    for (const node of nodes ?? []) node.destroy();
    await server?.stop();
  });

  const clients: [name: string, open: (i: 0 | 1) => RedisClient & RedisSubscriber][] = [
    ['ioredis', (i) => clusters[i] as Cluster],
    ['node-redis', (i) => fromNodeRedis(nodes[i] as ReturnType<typeof createCluster>)],
  ];

  describe.each(clients)('by a Cluster of %s', (_, open) => {
    let store: RedisLeaseStore;
    beforeAll(() => {
      store = redisLeaseStore(open(0), { timeoutMs, subscriber: open(1) });
    });
    afterAll(() => store.close());

    for (const law of leaseStoreLaws) {
      test(law.name, () => law.check({ store, advance: realTime }));
    }
    for (const law of fenceStoreLaws) {
      test(law.name, () => law.check({ store: redisFenceStore(open(0), { timeoutMs }) }));
    }
  });

  describe('10. Keys of any text', () => {
    beforeEach(() => clusters[0]?.flushall());

    const slotOf = (key: string) => (clusters[0] as Cluster).cluster('KEYSLOT', key);
    const allKeys = () => (clusters[0] as Cluster).nodes('master')[0]?.keys('*');

    test('all keys of a namespace share a slot, and namespaces are spread over slots', async () => {
      const seen = new Set<number>();
      await fc.assert(
        fc.asyncProperty(anyKey, anyKey, async (text, key) => {
          await clusters[0]?.flushall();
          const namespace = text.slice(0, 48).toWellFormed();
          const store = redisLeaseStore(clusters[0] as Cluster, { namespace, timeoutMs });
          const request = { key, owner: 'a.1', holdMs: 60_000 };
          // A cluster refuses a script whose keys lie in different slots.
          expect(await store.acquire(request)).toMatchObject({ status: 'granted' });
          await store.acquire({ ...request, owner: 'b.1', waiter: 'b' });
          expect(await store.release(request)).toBe('released');
          const slots = await Promise.all(((await allKeys()) ?? []).map(slotOf));
          expect([slots.length, new Set(slots).size]).toEqual([2, 1]);
          seen.add(Number(slots[0]));
        }),
        { numRuns: 100 },
      );
      expect(seen.size).toBeGreaterThan(30);
    });

    test('fencedSet sets any key beside its mark, or refuses it before any I/O', async () => {
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(anyKey, anyKey, async (key, text) => {
          await clusters[0]?.flushall();
          const namespace = text.slice(0, 48).toWellFormed();
          const setting = fencedSet(clusters[0] as Cluster, key, 'v', 7, { namespace, timeoutMs });
          const failure = await setting.catch((error: unknown) => error);
          const keys = (await allKeys()) ?? [];
          if (failure !== undefined) {
            expect(failure).toBeInstanceOf(RangeError);
            expect(keys).toEqual([]);
            refused += 1;
          } else {
            const slots = await Promise.all(keys.map(slotOf));
            expect([slots.length, new Set(slots).size]).toEqual([2, 1]);
            expect(await (clusters[0] as Cluster).get(key)).toBe('v');
          }
          const marks = redisFenceStore(clusters[0] as Cluster, { namespace, timeoutMs });
          expect(await marks.highest(key)).toBe(failure === undefined ? 7 : 0);
        }),
        { numRuns: 300 },
      );
      expect(refused).toBeGreaterThan(0);
    });
  });
});
