import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type BucketStore,
  createTokenBucket,
  memoryBucketStore,
  type SyncTokenBucket,
  type TakeResult,
  type TokenBucket,
  type TokenBucketOptions,
} from '../src/index.js';

const limit = { capacity: 10, refill: { tokens: 1, everyMs: 1_000 } };
const memory = memoryBucketStore();
const remote: BucketStore = { take: (request) => memory.take(request, { timeoutMs: 100 }) };

describe('takeSync', () => {
  test('is there, and typed, where the store answers at once', () => {
    const bucket = createTokenBucket({ ...limit, store: memory });
    expectTypeOf(bucket).toEqualTypeOf<SyncTokenBucket>();
    expectTypeOf(bucket.takeSync('k')).toEqualTypeOf<TakeResult>();
    expect(bucket.takeSync('k').allowed).toBe(true);
  });

  test('is there, and typed, where no store is given', () => {
    const bucket = createTokenBucket(limit);
    expectTypeOf(bucket).toEqualTypeOf<SyncTokenBucket>();
    expect(bucket.takeSync('k').allowed).toBe(true);
  });

  test('is neither there nor typed where the store is remote', () => {
    const bucket = createTokenBucket({ ...limit, store: remote });
    expectTypeOf(bucket).toEqualTypeOf<TokenBucket>();
    expectTypeOf(bucket).not.toHaveProperty('takeSync');
    expect(bucket).not.toHaveProperty('takeSync');
  });
});

describe('an answer', () => {
  test('has retryAfterMs and violated only where it is a refusal', () => {
    const answer = createTokenBucket(limit).takeSync('k', { cost: 11 });
    // @ts-expect-error: nobody knows yet which way it went.
    expect(answer.retryAfterMs).toBeNull();
    if (answer.allowed) expectTypeOf(answer).not.toHaveProperty('retryAfterMs');
    else expectTypeOf(answer.retryAfterMs).toEqualTypeOf<number | null>();
    if (!answer.allowed) expectTypeOf(answer.violated).toEqualTypeOf<readonly string[]>();
    expect(answer.allowed).toBe(false);
  });
});

describe('the options', () => {
  test('are either one limit or several', () => {
    expectTypeOf(limit).toExtend<TokenBucketOptions>();
    expectTypeOf({ limits: [{ name: 'a', ...limit }] }).toExtend<TokenBucketOptions>();
    expectTypeOf({
      ...limit,
      limits: [{ name: 'a', ...limit }],
    }).not.toExtend<TokenBucketOptions>();
    expectTypeOf({ capacity: 10 }).not.toExtend<TokenBucketOptions>();
  });
});
