import { createManualClock } from '@gabion/clock/testing';
import { redisForTests } from '@gabion/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { memoryBucketStore } from '../src/memory.js';
import type { BucketStore, TakeRequest } from '../src/store.js';
import {
  answerOf,
  anyQuestions,
  bucketOf,
  requestsOf,
  vastLimit,
  versionsOf,
} from './questions.js';
import { redisStoreAt } from './set-clock.js';

const patience = { timeoutMs: 10_000 };
/** The last instant that a Date can hold: 16 digits. */
const lastMs = 8_640_000_000_000_000;
const clock = createManualClock(lastMs);
let shared: ReturnType<typeof redisForTests>;
let store: BucketStore;

beforeAll(async () => {
  shared = redisForTests(inject('redisUrl'));
  store = redisStoreAt(shared.redis, { keyPrefix: shared.prefix }, clock.wallNow);
  // The script is known from here on, so that calls are carried out in the order they are made.
  const bucket = bucketOf('first', [{ capacity: 1, tokens: 1, everyMs: 1 }]);
  await store.take({ bucket, keys: ['k'], cost: 0, commit: false }, patience);
});
afterAll(() => shared.cleanup());

/** What is stored: the layout, then units, instant, lag, capacity, units per token and per ms. */
async function stateOf(key: string): Promise<number[]> {
  const state = await shared.redis.getBuffer(`${shared.prefix}:${key}`);
  const doubles = [0, 1, 2, 3, 4, 5].map((i) => state?.readDoubleLE(1 + 8 * i) ?? Number.NaN);
  return [state?.[0] ?? Number.NaN, ...doubles];
}

describe('1. Exact', () => {
  test('figures of sixteen digits survive the way to Redis, the state there and the way back', async () => {
    const capacity = Number.MAX_SAFE_INTEGER;
    const bucket = bucketOf('vast', [{ capacity, tokens: 31, everyMs: 1 }]);
    const request: TakeRequest = { bucket, keys: ['k'], cost: 1, commit: true };
    clock.set(lastMs);
    expect(await store.take(request, patience)).toMatchObject({
      atMs: lastMs,
      limits: [{ remaining: capacity - 1, resetAfterMs: 1 }],
    });
    expect(await stateOf('vast:{k}:a')).toEqual([1, capacity - 1, lastMs, 0, capacity, 1, 31]);
    expect(await store.take({ ...request, cost: capacity }, patience)).toMatchObject({
      allowed: false,
      limits: [{ remaining: capacity - 1 }],
      retryAfterMs: [1],
    });
    // All the rest: a cost and a wait of sixteen digits, on a clock that has stepped back to 1 ms.
    clock.set(1);
    const rest = await store.take({ ...request, cost: capacity - 1 }, patience);
    const resetAfterMs = Math.ceil(capacity / 31) + lastMs - 1;
    expect(rest).toMatchObject({ atMs: 1, limits: [{ remaining: 0, resetAfterMs }] });
    expect(await stateOf('vast:{k}:a')).toEqual([1, 0, lastMs, 0, capacity, 1, 31]);
    expect(await store.take({ ...request, cost: capacity }, patience)).toMatchObject({
      allowed: false,
      retryAfterMs: [resetAfterMs],
    });
  });

  test('memory and Redis answer alike on any history of limits near 2^53, at instants of sixteen digits', async () => {
    let histories = 0;
    await fc.assert(
      fc.asyncProperty(versionsOf(vastLimit), anyQuestions, async (versions, questions) => {
        histories += 1;
        const memory = memoryBucketStore({ clock });
        const startMs = lastMs - 1e13;
        const asked = requestsOf(`vast-${histories}`, versions, questions, startMs).map(
          ({ atMs, request }) => {
            clock.set(atMs);
            return { expected: memory.takeSync(request), answer: store.take(request, patience) };
          },
        );
        for (const { expected, answer } of asked) {
          expect(answerOf(await answer)).toEqual(answerOf(expected));
        }
      }),
      { numRuns: 500 },
    );
  });
});
