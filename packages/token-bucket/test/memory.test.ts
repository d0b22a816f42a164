import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import {
  createTokenBucket,
  memoryBucketStore,
  type SyncTokenBucket,
  type TokenBucketObserver,
} from '../src/index.js';
import { defineLimit } from '../src/limit.js';
import { startMs } from './shell-fixtures.js';

type Dropped = Parameters<NonNullable<TokenBucketObserver['evicted']>>[0];

/** Buckets on one store with room for `maxKeys` levels, and what had to go for others. */
function createShared(maxKeys?: number) {
  const clock = createManualClock(startMs);
  const store = memoryBucketStore({ maxKeys, clock });
  const dropped: Dropped[] = [];
  const observer = { evicted: (event: Dropped) => void dropped.push(event) };
  /** A bucket that gets a token every `everyMs`. */
  const create = (name: string, capacity: number, everyMs: number) =>
    createTokenBucket({ name, capacity, refill: { tokens: 1, everyMs }, store, clock, observer });
  return { clock, store, dropped, create };
}

/** Takes so much from each key. */
function takeAll(bucket: SyncTokenBucket, costs: Record<string, number>): void {
  for (const [key, cost] of Object.entries(costs)) {
    expect(bucket.takeSync(key, { cost }).allowed, key).toBe(true);
  }
}

function remainingOf(bucket: SyncTokenBucket, keys: string): number[] {
  return [...keys].map((key) => bucket.takeSync(key, { cost: 0 }).remaining);
}

function numbered(prefix: string, count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, 1]));
}

describe('8. Full buckets are forgotten, and at maxKeys the fullest of a few goes', () => {
  test('a bucket that has become full makes room, and nobody hears of it', () => {
    const { clock, dropped, create } = createShared(4);
    const bucket = create('api', 10, 1_000);
    takeAll(bucket, { a: 1, b: 2, c: 3, d: 4 });
    clock.advance(4_000);
    takeAll(bucket, { e: 1, f: 1, g: 1, h: 1 });
    expect(remainingOf(bucket, 'abcdefgh')).toEqual([10, 10, 10, 10, 9, 9, 9, 9]);
    expect(dropped).toEqual([]);
  });

  test('a bucket that is full but for a millisecond does not', () => {
    const { clock, dropped, create } = createShared(1);
    const bucket = create('api', 10, 1_000);
    takeAll(bucket, { a: 1 });
    clock.advance(999);
    takeAll(bucket, { b: 1 });
    expect(dropped).toMatchObject([{ key: 'a', remaining: 9 }]);
  });

  test('a bucket that a refund fills makes room at once', async () => {
    const { dropped, create } = createShared(1);
    const bucket = create('api', 10, 1_000);
    takeAll(bucket, { a: 3 });
    await bucket.refund('a', 3);
    takeAll(bucket, { b: 1 });
    expect([remainingOf(bucket, 'ab'), dropped]).toEqual([[10, 9], []]);
  });

  test('full buckets make room before the bound is reached, wherever they are', () => {
    const { clock, dropped, create } = createShared(100);
    const [slow, fast] = [create('slow', 10, 3_600_000), create('fast', 10, 10)];
    takeAll(slow, numbered('early ', 50));
    takeAll(fast, numbered('once ', 10));
    clock.advance(10);
    takeAll(slow, numbered('late ', 50));
    expect(dropped).toEqual([]);
    takeAll(slow, { 'one more': 1 });
    expect(dropped).toHaveLength(1);
  });

  test('a look at a new key, and a take of one that is kept, cost nobody its place', () => {
    const { dropped, create } = createShared(2);
    const bucket = create('api', 10, 1_000);
    takeAll(bucket, { a: 1, b: 1 });
    expect(remainingOf(bucket, 'cde')).toEqual([10, 10, 10]);
    takeAll(bucket, { a: 1, b: 1 });
    expect([remainingOf(bucket, 'ab'), dropped]).toEqual([[8, 8], []]);
  });

  test('at the bound the fullest goes, and its key has a full bucket again', () => {
    const { dropped, create } = createShared(4);
    const bucket = create('api', 10, 1_000);
    takeAll(bucket, { a: 5, b: 8, c: 2, d: 9 });
    takeAll(bucket, { e: 7 });
    expect(dropped).toEqual([{ name: 'api', key: 'c', limit: 'api', remaining: 8, atMs: startMs }]);
    expect(remainingOf(bucket, 'abcde')).toEqual([5, 2, 10, 1, 3]);
  });

  test('the fullest is the one that is fullest by then, and not when it was written', () => {
    const { clock, dropped, create } = createShared(3);
    const [slow, fast] = [create('slow', 10, 3_600_000), create('fast', 10, 1_000)];
    takeAll(fast, { a: 10 });
    takeAll(slow, { b: 4, c: 6 });
    clock.advance(7_500);
    takeAll(slow, { d: 1 });
    expect(dropped).toEqual([
      { name: 'fast', key: 'a', limit: 'fast', remaining: 7, atMs: startMs + 7_500 },
    ]);
  });

  test('the fullest is by its share of the capacity, and not by its tokens', () => {
    const { dropped, create } = createShared(2);
    const [wide, narrow] = [create('wide', 1_000, 1_000), create('narrow', 4, 1_000)];
    takeAll(wide, { a: 500 });
    takeAll(narrow, { b: 1 });
    takeAll(wide, { c: 1 });
    expect(dropped).toMatchObject([{ name: 'narrow', key: 'b', remaining: 3 }]);
  });

  test('what is dropped is told by its own name and limit, whoever made it go', async () => {
    const { clock, store, dropped, create } = createShared(2);
    const refill = { tokens: 1, everyMs: 1_000 };
    const limits = ['minute', 'day'].map((name) => ({ name, capacity: 10, refill }));
    const llm = createTokenBucket({ name: 'llm', limits, store, clock });
    llm.takeSync({ minute: 'key-7', day: 'tenant-1' }, { cost: 4 });
    const api = create('api', 10, 1_000);
    await api.take('a', { cost: 5 });
    await api.take('b', { cost: 5 });
    const told = dropped.map(({ name, key, limit, remaining }) => [name, limit, key, remaining]);
    expect(told.sort()).toEqual([
      ['llm', 'day', 'tenant-1', 6],
      ['llm', 'minute', 'key-7', 6],
    ]);
  });

  test('an observer that throws changes no answer', () => {
    const { clock, store } = createShared(1);
    const observer = {
      evicted() {
        throw new Error('the observer is broken');
      },
    };
    const refill = { tokens: 1, everyMs: 1_000 };
    const bucket = createTokenBucket({ capacity: 10, refill, store, clock, observer });
    takeAll(bucket, { a: 1, b: 2 });
    expect(remainingOf(bucket, 'ab')).toEqual([10, 8]);
  });

  test('making room costs the same at ten thousand keys as at ten', () => {
    const looksAtTheBound = (maxKeys: number): number => {
      let looks = 0;
      const refill = { tokens: 1, everyMs: 3_600_000 };
      const plain = defineLimit('test', { name: 'api', capacity: 10, refill });
      // Whether a level is full, or how full it is, cannot be told without this figure.
      const limit = {
        ...plain,
        get fullUnits() {
          looks += 1;
          return plain.fullUnits;
        },
      };
      const bucket = { name: 'api', limits: [limit] };
      const store = memoryBucketStore({ maxKeys, clock: createManualClock(startMs) });
      const take = (key: string) =>
        store.takeSync({ bucket, keys: [key], cost: 1, commit: true }).evicted?.length;
      for (let i = 0; i < maxKeys; i += 1) expect(take(`key ${i}`)).toBeUndefined();
      looks = 0;
      expect(take('one more')).toBe(1);
      return looks;
    };
    expect(looksAtTheBound(10_000)).toBe(looksAtTheBound(10));
  });
});

describe('the memory store', () => {
  test('shares levels between buckets of one name, and with no others', () => {
    const { create } = createShared();
    const [one, same, other] = [
      create('a', 9, 1_000),
      create('a', 9, 1_000),
      create('b', 9, 1_000),
    ];
    takeAll(one, { k: 4 });
    expect([one, same, other].map((bucket) => remainingOf(bucket, 'k'))).toEqual([[5], [5], [9]]);
  });

  test('keeps apart what only looks alike when it is joined', () => {
    const { clock, store } = createShared();
    const create = (name: string, limit: string) => {
      const refill = { tokens: 1, everyMs: 1_000 };
      const limits = [{ name: limit, capacity: 9, refill }];
      return createTokenBucket({ name, limits, store, clock });
    };
    const buckets = [
      create('a', 'b'),
      create('a:b', 'c'),
      create('a', 'b:c'),
      create('a","b', 'c'),
      create('a', 'b","c'),
    ];
    buckets.forEach((bucket, i) => void takeAll(bucket, { k: i }));
    expect(buckets.map((bucket) => remainingOf(bucket, 'k'))).toEqual([[9], [8], [7], [6], [5]]);
  });

  test('shares nothing with another store', () => {
    const [one, other] = [
      createShared().create('a', 9, 1_000),
      createShared().create('a', 9, 1_000),
    ];
    takeAll(one, { k: 4 });
    expect(remainingOf(other, 'k')).toEqual([9]);
  });

  test('reads whole milliseconds of its own wall clock', async () => {
    for (const verb of ['takeSync', 'take'] as const) {
      const { clock, create } = createShared();
      const { [verb]: take } = create('a', 1, 100);
      expect(await take('k')).toMatchObject({ allowed: true, atMs: startMs });
      clock.setWall(startMs + 99.9);
      expect(await take('k')).toMatchObject({ allowed: false, atMs: startMs + 99 });
      clock.setWall(startMs + 100);
      expect(await take('k')).toMatchObject({ allowed: true, atMs: startMs + 100 });
    }
  });
});
