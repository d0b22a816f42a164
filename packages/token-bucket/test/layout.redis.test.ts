import { createManualClock } from '@gabion/clock/testing';
import { redisForTests } from '@gabion/testkit';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { StoreLayoutError } from '../src/index.js';
import { redisBucketStore } from '../src/redis.js';
import golden from './golden/layout-1.json' with { type: 'json' };
import { bucketOf } from './questions.js';
import { redisStoreAt } from './set-clock.js';

const records = golden.records.map((record) => [record.what, record] as const);
const patience = { timeoutMs: 10_000 };
const clock = createManualClock();
let shared: ReturnType<typeof redisForTests>;
let key: string;

beforeEach(() => {
  shared = redisForTests(inject('redisUrl'));
  key = `${shared.prefix}:api:{k}:a`;
});
afterEach(() => shared.cleanup());

function storeAtClock() {
  return redisStoreAt(shared.redis, { keyPrefix: shared.prefix }, clock.wallNow);
}

/** A take from the level that the test has put there, and a look at it. */
function takes(cost: number) {
  const bucket = bucketOf('api', [{ capacity: 5, tokens: 1, everyMs: 3_600_000 }]);
  const store = redisBucketStore(shared.redis, { keyPrefix: shared.prefix });
  return store.take({ bucket, keys: ['k'], cost, commit: true }, patience);
}

describe('6. On Redis: one call per decision, and nothing that stays', () => {
  test.each(records)('layout 1 is read as it was written: %s', async (_, record) => {
    const bucket = bucketOf('api', [record.limit]);
    await shared.redis.set(key, Buffer.from(record.hex, 'hex'), 'PX', 600_000);
    for (const { afterMs, remaining, resetAfterMs } of record.reads) {
      clock.set(record.atMs + afterMs);
      const looked = await storeAtClock().take(
        { bucket, keys: ['k'], cost: 0, commit: true },
        patience,
      );
      expect(looked).toMatchObject({
        atMs: record.atMs + afterMs,
        limits: [{ remaining, resetAfterMs }],
      });
    }
    expect((await shared.redis.getBuffer(key))?.toString('hex')).toBe(record.hex);
  });

  test.each(records)('layout 1 is written as it was: %s', async (_, record) => {
    clock.set(record.atMs);
    const { before, limit } = record;
    for (const { takes, ...version } of [
      ...(before ? [before] : []),
      { ...limit, takes: record.takes },
    ]) {
      const bucket = bucketOf('api', [version]);
      for (const cost of takes) {
        await storeAtClock().take({ bucket, keys: ['k'], cost, commit: true }, patience);
      }
    }
    expect((await shared.redis.getBuffer(key))?.toString('hex')).toBe(record.hex);
  });

  test.each([
    ['a newer layout', Buffer.from('02'.padEnd(98, '0'), 'hex'), 2],
    ['a text of somebody else', Buffer.from('hello'), 104],
    ['an empty text', Buffer.from(''), 0],
  ])('%s is a named error, and nothing is written over it', async (_, value, layout) => {
    await shared.redis.set(key, value);
    for (const cost of [1, 0, -1, 9]) {
      const failure = await takes(cost).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StoreLayoutError);
      expect(failure).toMatchObject({ code: 'STORE_LAYOUT' });
      expect(String(failure)).toContain(`has the layout ${layout}, not 1`);
    }
    expect(await shared.redis.getBuffer(key)).toEqual(value);
    expect(await shared.redis.pttl(key)).toBe(-1);
  });

  test('a newer layout of one limit leaves the level of every other as it was', async () => {
    const bucket = bucketOf('api', [
      { capacity: 5, tokens: 1, everyMs: 3_600_000 },
      { capacity: 5, tokens: 1, everyMs: 3_600_000 },
    ]);
    const store = redisBucketStore(shared.redis, { keyPrefix: shared.prefix });
    const other = `${shared.prefix}:api:{k}:b`;
    await shared.redis.set(other, Buffer.from([2]));
    const taken = store.take({ bucket, keys: ['k', 'k'], cost: 1, commit: true }, patience);
    await expect(taken).rejects.toThrow(StoreLayoutError);
    expect(await shared.keys()).toEqual([other]);
  });

  test('what is cut short or of another type is a failure of the store, with its cause', async () => {
    const puts = [
      () => shared.redis.set(key, Buffer.from('0100', 'hex')),
      () => shared.redis.lpush(key, 'somebody else'),
    ];
    for (const put of puts) {
      await shared.redis.del(key);
      await put();
      const dump = await shared.redis.dump(key);
      for (const cost of [1, 0, -1, 9]) {
        const failure = await takes(cost).catch((error: unknown) => error);
        expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', effect: 'unknown' });
        expect((failure as Error).cause).toBeInstanceOf(Error);
      }
      expect(await shared.redis.dump(key)).toBe(dump);
    }
  });
});
