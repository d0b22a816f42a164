import { redisForTests, until } from '@gabion/testkit';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { createTokenBucket } from '../src/index.js';
import { redisBucketStore } from '../src/redis.js';

const hour = 3_600_000;
let shared: ReturnType<typeof redisForTests>;

beforeEach(() => {
  shared = redisForTests(inject('redisUrl'));
});
afterEach(() => shared.cleanup());

function createBucket(capacity: number, everyMs: number, name = 'api') {
  const store = redisBucketStore(shared.redis, { keyPrefix: shared.prefix });
  const refill = { tokens: 1, everyMs };
  return createTokenBucket({ name, capacity, refill, store, deadlineMs: 10_000 });
}

function createTwo() {
  const store = redisBucketStore(shared.redis, { keyPrefix: shared.prefix });
  const limits = [
    { name: 'hour', capacity: 5, refill: { tokens: 5, everyMs: hour } },
    { name: 'day', capacity: 20, refill: { tokens: 20, everyMs: 24 * hour } },
  ];
  return createTokenBucket({ name: 'llm', limits, store, deadlineMs: 10_000 });
}

describe('6. On Redis: one call per decision, and nothing that stays', () => {
  test('what is kept is one short string per limit, under the text of its key', async () => {
    await createTwo().take({ hour: 'user:7', day: 'é {x}' });
    const keys = await shared.keys();
    expect(keys.map((key) => key.slice(shared.prefix.length))).toEqual([
      ':llm:{user:7}:hour',
      ':llm:{é %7Bx%7D}:day',
    ]);
    for (const key of keys) {
      expect(await shared.redis.type(key)).toBe('string');
      expect(await shared.redis.strlen(key)).toBe(49);
    }
  });

  test('a level lives until it is full, and no longer', async () => {
    const bucket = createBucket(10, hour);
    const beganMs = performance.now();
    const { resetAfterMs } = await bucket.take('k', { cost: 4 });
    expect(resetAfterMs).toBe(4 * hour);
    const [key] = await shared.keys();
    const ttlMs = await shared.redis.pttl(key as string);
    const tookMs = Math.ceil(performance.now() - beganMs) + 1;
    expect(ttlMs).toBeLessThanOrEqual(resetAfterMs);
    expect(ttlMs).toBeGreaterThanOrEqual(resetAfterMs - tookMs);
  });

  test('a level that is full is gone, and its key has a full bucket', async () => {
    const bucket = createBucket(3, 20);
    await bucket.take('k', { cost: 3 });
    await until(async () => (await shared.keys()).length === 0);
    expect(await bucket.peek('k')).toMatchObject({ remaining: 3, resetAfterMs: 0 });
  });

  test('a level that is given back whole is gone at once', async () => {
    const bucket = createBucket(10, hour);
    await bucket.take('k', { cost: 4 });
    await bucket.refund('k', 3);
    expect(await shared.keys()).toHaveLength(1);
    await bucket.refund('k', 3);
    expect(await shared.keys()).toEqual([]);
  });

  test('under a changed limit a level lives as long as the old limit would refill it', async () => {
    await createBucket(100, hour).take('k', { cost: 90 });
    // Ten tokens are all that the narrow limit holds, so it calls the bucket nearly full.
    expect(await createBucket(10, hour).take('k', { cost: 1 })).toMatchObject({ remaining: 9 });
    const [key] = await shared.keys();
    expect(await shared.redis.pttl(key as string)).toBeGreaterThan(89 * hour);
  });

  test('after any takes no level is without a TTL', async () => {
    const buckets = [createBucket(7, 3 * hour), createBucket(3, hour), createBucket(90, 40_000)];
    for (let i = 0; i < 90; i += 1) {
      const bucket = buckets[i % 3] as (typeof buckets)[0];
      if (i % 10 === 9) await bucket.refund(`k${i % 7}`, 2);
      else await bucket.take(`k${i % 7}`, { cost: i % 3 });
    }
    const keys = await shared.keys();
    expect(keys).toHaveLength(7);
    const ttls = await Promise.all(keys.map((key) => shared.redis.pttl(key)));
    expect(Math.min(...ttls)).toBeGreaterThan(0);
  });

  test('a take of several limits may use any keys where there is one Redis', async () => {
    const bucket = createTwo();
    await bucket.take({ hour: 'a', day: 'b' }, { cost: 2 });
    const other = await bucket.peek({ hour: 'c', day: 'b' });
    expect(other.limits.map(({ remaining }) => remaining)).toEqual([5, 18]);
  });
});

describe('3. A refusal takes nothing', () => {
  test('on Redis a refusal, a look and a refund to a full bucket create no key', async () => {
    const bucket = createTwo();
    expect((await bucket.take('k', { cost: 6 })).allowed).toBe(false);
    expect((await bucket.take('k', { cost: 0 })).allowed).toBe(true);
    expect((await bucket.peek('k', { cost: 5 })).allowed).toBe(true);
    expect((await bucket.peek('k', { cost: 21 })).allowed).toBe(false);
    expect((await bucket.refund('k', 3)).allowed).toBe(true);
    expect(await shared.keys()).toEqual([]);
  });

  test('on Redis a refusal by one limit leaves the level of every other as it was', async () => {
    const bucket = createTwo();
    await bucket.take('k', { cost: 4 });
    const states = async () =>
      Promise.all((await shared.keys()).map((key) => shared.redis.getBuffer(key)));
    const before = await states();
    expect(await bucket.take('k', { cost: 2 })).toMatchObject({ violated: ['hour'] });
    await bucket.take('k', { cost: 0 });
    await bucket.peek('k', { cost: 1 });
    expect(await states()).toEqual(before);
  });
});
