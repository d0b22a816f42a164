import { redisForTests } from '@gabion/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { redisFenceStore, redisLeaseStore } from '../src/redis.js';
import { type OpenedRedis, redisClients } from './store-clients.js';

const largest = Number.MAX_SAFE_INTEGER;
const vast = fc.oneof(
  fc.integer({ min: largest - 100, max: largest }),
  fc.integer({ min: 2 ** 52, max: largest }),
);

describe.each(redisClients)(
  '1. The fence only grows: figures of sixteen digits by %s',
  (_, open) => {
    const shared = redisForTests(inject('redisUrl'));
    let opened: OpenedRedis;
    beforeAll(async () => {
      opened = await open(inject('redisUrl'));
    });
    afterAll(async () => {
      opened.close();
      await shared.cleanup();
    });

    test('any counter and floor are added to exactly, there and on the way back', async () => {
      const store = redisLeaseStore(opened.redis, { keyPrefix: shared.prefix, timeoutMs: 10_000 });
      const counterKey = `${shared.prefix}:{default}:fence`;
      let keys = 0;
      await fc.assert(
        fc.asyncProperty(vast, vast, async (counter, floor) => {
          keys += 1;
          await shared.redis.set(counterKey, String(counter));
          const exact = BigInt(Math.max(counter, floor)) + 1n;
          const request = { key: `k${keys}`, owner: 'a.1', holdMs: 60_000, floor };
          const answer = await store.acquire(request).catch((error) => error);
          if (exact > BigInt(largest)) {
            expect(answer).toMatchObject({ code: 'FENCE_EXHAUSTED' });
            expect(await shared.redis.get(counterKey)).toBe(String(counter));
            expect(await store.renew(request)).toBe('missing');
          } else {
            expect(answer).toEqual({ status: 'granted', fence: Number(exact) });
            expect(await shared.redis.get(counterKey)).toBe(String(exact));
            expect(await store.acquire(request)).toEqual(answer);
          }
        }),
        { numRuns: 200 },
      );
    });

    test('marks that differ in the last digit are told apart', async () => {
      const store = redisFenceStore(opened.redis, { keyPrefix: shared.prefix, timeoutMs: 10_000 });
      let names = 0;
      await fc.assert(
        fc.asyncProperty(vast, fc.integer({ min: -3, max: 3 }), async (mark, more) => {
          names += 1;
          const fence = Math.min(largest, mark + more);
          await store.advance(`n${names}`, mark);
          expect(await store.advance(`n${names}`, fence)).toBe(Math.max(mark, fence));
          expect(await store.highest(`n${names}`)).toBe(Math.max(mark, fence));
        }),
        { numRuns: 100 },
      );
    });
  },
);
