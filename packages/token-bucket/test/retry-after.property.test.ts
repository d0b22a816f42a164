import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBucket, memoryBucketStore, type TakeResult } from '../src/index.js';
import { anyHistory, anyLimit, costOf, type ModelLimit, moved } from './model.js';

/** A bucket with several limits, and the same history played on it. */
const anyLimits = fc.array(anyLimit, { minLength: 1, maxLength: 3 });

function createBucket(limits: readonly ModelLimit[]) {
  const clock = createManualClock(1_700_000_000_000);
  const bucket = createTokenBucket({
    limits: limits.map(({ capacity, tokens, everyMs }, i) => ({
      name: `limit ${i}`,
      capacity,
      refill: { tokens, everyMs },
    })),
    store: memoryBucketStore({ clock }),
    clock,
  });
  return { clock, bucket };
}

/** Whether the same take would be allowed at another instant; nothing is taken. */
async function wouldAllow(
  { clock, bucket }: ReturnType<typeof createBucket>,
  cost: number,
  atMs: number,
): Promise<boolean> {
  const back = clock.now();
  clock.set(atMs);
  const { allowed } = await bucket.peek('k', { cost });
  clock.set(back);
  return allowed;
}

describe('2. Retry-After is tight', () => {
  test('a take at retryAfterMs succeeds and one a millisecond earlier does not, clocks that step back included', async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(anyLimits, anyHistory, async (limits, history) => {
        const one = createBucket(limits);
        const first = limits[0] as ModelLimit;
        for (const step of history) {
          one.clock.set(moved(one.clock.now(), step, first));
          const cost = costOf(step, first);
          const answer = one.bucket.takeSync('k', { cost });
          if (answer.allowed || answer.retryAfterMs === null) continue;
          refusals += 1;
          const givesAtMs = one.clock.now() + answer.retryAfterMs;
          expect(await wouldAllow(one, cost, givesAtMs)).toBe(true);
          expect(await wouldAllow(one, cost, givesAtMs - 1)).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
    expect(refusals).toBeGreaterThan(500);
  });

  test('retryAfterMs is null exactly when the cost is above a capacity', () => {
    fc.assert(
      fc.property(anyLimits, fc.integer({ min: 0, max: 200_000 }), (limits, cost) => {
        const answer = createBucket(limits).bucket.takeSync('k', { cost });
        const isPossible = limits.every(({ capacity }) => cost <= capacity);
        expect(answer.allowed).toBe(isPossible);
        if (!answer.allowed) expect(answer.retryAfterMs).toBeNull();
      }),
    );
  });

  test('resetAfterMs is the first instant at which the bucket is full', () => {
    fc.assert(
      fc.property(anyLimit, anyHistory, (limit, history) => {
        const { clock, bucket } = createBucket([limit]);
        for (const step of history) {
          clock.set(moved(clock.now(), step, limit));
          const { resetAfterMs } = bucket.takeSync('k', { cost: costOf(step, limit) });
          const at = clock.now();
          const remainingAt = (atMs: number): number => {
            clock.set(atMs);
            return bucket.takeSync('k', { cost: 0 }).remaining;
          };
          expect(remainingAt(at + resetAfterMs)).toBe(limit.capacity);
          if (resetAfterMs > 0)
            expect(remainingAt(at + resetAfterMs - 1)).toBeLessThan(limit.capacity);
          clock.set(at);
        }
      }),
    );
  });

  test('while the clock is behind, refill stands still and the wait includes the way back', () => {
    const clock = createManualClock(10_000);
    const store = memoryBucketStore({ clock });
    const bucket = createTokenBucket({
      capacity: 1,
      refill: { tokens: 1, everyMs: 100 },
      store,
      clock,
    });
    const answers: TakeResult[] = [];
    answers.push(bucket.takeSync('k'));
    clock.set(9_000);
    answers.push(bucket.takeSync('k'));
    clock.set(9_500);
    answers.push(bucket.takeSync('k'));
    expect(answers.map((one) => [one.allowed, one.allowed ? 0 : one.retryAfterMs])).toEqual([
      [true, 0],
      [false, 1_100],
      [false, 600],
    ]);
  });
});
