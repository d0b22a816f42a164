import type { RedisClient } from '@gabion/redis-script';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBucket } from '../src/index.js';
import { redisBucketStore } from '../src/redis.js';

/** A client that writes down the keys of every call, and answers none. */
function recorder({ isCluster = false } = {}) {
  const sent: (readonly (string | number)[])[] = [];
  const send = (_: string, count: number, ...rest: (string | number)[]) => {
    sent.push(rest.slice(0, count));
    return Promise.reject(new Error('it only writes down'));
  };
  const listen = () => {};
  const redis: RedisClient = {
    status: 'ready',
    isCluster,
    evalsha: send,
    eval: send,
    on: listen,
    off: listen,
  };
  return { redis, sent };
}

const refill = { tokens: 1, everyMs: 1_000 };
const limits = [
  { name: 'a', capacity: 1, refill },
  { name: 'b', capacity: 1, refill },
];

describe('6. On Redis: one call per decision, and nothing that stays', () => {
  test('different names, keys and limits never come to the same Redis key', async () => {
    const name = fc.string({
      unit: fc.constantFrom('a', ':', '{', '}', '%'),
      minLength: 1,
      maxLength: 4,
    });
    const { redis, sent } = recorder();
    const store = redisBucketStore(redis);
    const met = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(name, name, name, async (bucketName, key, limitName) => {
        const limit = { name: limitName, capacity: 1, refill };
        const bucket = createTokenBucket({ name: bucketName, limits: [limit], store });
        // The store is asked by one bucket each, so that no bucket counts it as broken.
        await bucket.take(key).catch(() => {});
        const at = String(sent.at(-1)?.[0]);
        const who = JSON.stringify([bucketName, key, limitName]);
        expect(met.get(at) ?? who).toBe(who);
        met.set(at, who);
      }),
      { numRuns: 5_000 },
    );
    expect(met.size).toBeGreaterThan(1_000);
  });

  test.each(['\ud800', 'a\udc00b', '\udd25\ud83d'])(
    'a key that UTF-8 cannot carry (%j) is refused before any I/O',
    async (key) => {
      const { redis, sent } = recorder();
      const bucket = createTokenBucket({ limits, store: redisBucketStore(redis) });
      await expect(bucket.take(key)).rejects.toThrow(RangeError);
      await expect(bucket.refund({ a: 'k', b: key }, 1)).rejects.toThrow(RangeError);
      expect(sent).toEqual([]);
    },
  );

  test('on a cluster keys that cannot share a slot are refused before any I/O', async () => {
    const { redis, sent } = recorder({ isCluster: true });
    const bucket = createTokenBucket({ limits, store: redisBucketStore(redis) });
    await expect(bucket.take({ a: 'x', b: 'y' })).rejects.toThrow(RangeError);
    await expect(bucket.take({ a: 'x', b: 'y' })).rejects.toThrow(
      'redisBucketStore: on a cluster the keys of one take must share a slot, got "x" and "y"',
    );
    expect(sent).toEqual([]);
    await expect(bucket.take({ a: 'x', b: 'x' })).rejects.toMatchObject({ effect: 'unknown' });
    expect(sent).toEqual([['token-bucket:token-bucket:{x}:a', 'token-bucket:token-bucket:{x}:b']]);
  });

  test('a refused key does not count the store as broken', async () => {
    const { redis, sent } = recorder({ isCluster: true });
    const store = redisBucketStore(redis);
    const bucket = createTokenBucket({ limits, store, onStoreError: 'deny' });
    await expect(bucket.take({ a: 'x', b: 'y' })).rejects.toThrow(RangeError);
    expect(await bucket.take('x')).toMatchObject({ source: 'policy' });
    expect(sent).toHaveLength(1);
  });

  test.each(['{tag}', 'a{b', '}', '', 'x'.repeat(257), '\ud800'])(
    'the keyPrefix %j is refused',
    (keyPrefix) => {
      const { redis } = recorder();
      expect(() => redisBucketStore(redis, { keyPrefix })).toThrow(RangeError);
      expect(() => redisBucketStore(redis, { keyPrefix })).toThrow(
        'redisBucketStore: keyPrefix must',
      );
    },
  );

  test.each([0, -1, 2 ** 31, Number.NaN])('a timeoutMs of %d is refused', (timeoutMs) => {
    const { redis } = recorder();
    expect(() => redisBucketStore(redis, { timeoutMs })).toThrow(RangeError);
    expect(() => redisBucketStore(redis, { timeoutMs })).toThrow(
      'timeoutMs must be a number from 1',
    );
  });

  test.each([undefined, null, {}, 'redis://localhost'])('%j is no client, and refused', (redis) => {
    expect(() => redisBucketStore(redis as unknown as RedisClient)).toThrow(TypeError);
  });
});
