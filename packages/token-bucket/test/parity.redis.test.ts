import { createManualClock } from '@gabion/clock/testing';
import { redisForTests } from '@gabion/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { memoryBucketStore } from '../src/memory.js';
import { redisBucketStore } from '../src/redis-store.js';
import type { BucketDefinition, BucketStore } from '../src/store.js';
import { anyLimit } from './model.js';
import {
  answerOf,
  anyQuestions,
  anyVersions,
  bucketOf,
  requestsOf,
  smallLimit,
} from './questions.js';
import { redisStoreAt } from './set-clock.js';

const patience = { timeoutMs: 10_000 };
const clock = createManualClock();
let shared: ReturnType<typeof redisForTests>;
let store: BucketStore;
let histories = 0;

beforeAll(async () => {
  shared = redisForTests(inject('redisUrl'));
  const { redis, prefix: keyPrefix } = shared;
  store = redisStoreAt(redis, { keyPrefix }, clock.wallNow);
  // The script is known from here on, so that calls are carried out in the order they are made.
  const bucket = bucketOf('first', [{ capacity: 1, tokens: 1, everyMs: 1 }]);
  await store.take({ bucket, keys: ['k'], cost: 0, commit: false }, patience);
});
afterAll(() => shared.cleanup());

/** A bucket's name that no history had before. */
function newName(): string {
  histories += 1;
  return `history-${histories}`;
}

describe('1. Exact', () => {
  test('memory and Redis answer alike on any history, changed limits and clocks that step back included', async () => {
    await fc.assert(
      fc.asyncProperty(anyVersions, anyQuestions, async (versions, questions) => {
        const memory = memoryBucketStore({ clock });
        const requests = requestsOf(newName(), versions, questions);
        const asked = requests.map(({ atMs, request }) => {
          clock.set(atMs);
          return { expected: memory.takeSync(request), answer: store.take(request, patience) };
        });
        for (const { expected, answer } of asked) {
          expect(answerOf(await answer)).toEqual(answerOf(expected));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('memory, asked again at the instants that Redis answered for, gives its answers', async () => {
    const { redis, prefix: keyPrefix } = shared;
    const real = redisBucketStore(redis, { keyPrefix });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLimit, { minLength: 1, maxLength: 2 }),
        fc.array(fc.integer({ min: -3, max: 12 }), { minLength: 1, maxLength: 40 }),
        async (limits, costs) => {
          const bucket = bucketOf(newName(), limits);
          const memory = memoryBucketStore({ clock });
          for (const cost of costs) {
            const keys = bucket.limits.map(() => 'k');
            const request = { bucket, keys, cost, commit: cost !== 5 };
            const verdict = await real.take(request, patience);
            clock.set(verdict.atMs);
            expect(answerOf(verdict)).toEqual(answerOf(memory.takeSync(request)));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('5. A changed limit keeps whole tokens and never mints', () => {
  test('memory and Redis answer alike while small limits side by side take nearly all there is', async () => {
    const versions = fc.array(smallLimit, { minLength: 2, maxLength: 3 });
    const step = fc.record({
      turn: fc.nat({ max: 2 }),
      passMs: fc.nat({ max: 15 }),
      leave: fc.constantFrom(0, 0, 1, 5),
    });
    const history = fc.array(step, { minLength: 4, maxLength: 25, size: 'medium' });
    await fc.assert(
      fc.asyncProperty(versions, history, async (limits, steps) => {
        const name = newName();
        const buckets = limits.map((limit) => bucketOf(name, [limit]));
        const memory = memoryBucketStore({ clock });
        clock.set(1_700_000_000_000);
        const asked = steps.flatMap(({ turn, passMs, leave }) => {
          clock.advance(passMs);
          const bucket = buckets[turn % buckets.length] as BucketDefinition;
          const look = { bucket, keys: ['k'], cost: 0, commit: true };
          const there = memory.takeSync(look).limits[0]?.remaining ?? 0;
          return [look, { ...look, cost: Math.max(0, there - leave) }].map((request) => ({
            expected: memory.takeSync(request),
            answer: store.take(request, patience),
          }));
        });
        for (const { expected, answer } of asked) {
          expect(answerOf(await answer)).toEqual(answerOf(expected));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
