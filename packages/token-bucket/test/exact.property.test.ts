import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBucket, memoryBucketStore } from '../src/index.js';
import {
  type Admission,
  anyHistory,
  anyLimit,
  costOf,
  createModel,
  type ModelLimit,
  mostTokens,
  moved,
  overAdmission,
} from './model.js';

const startMs = 1_700_000_000_000;

function createBucket({ capacity, tokens, everyMs }: ModelLimit) {
  const clock = createManualClock(startMs);
  const store = memoryBucketStore({ clock });
  return {
    clock,
    bucket: createTokenBucket({ capacity, refill: { tokens, everyMs }, store, clock }),
  };
}

describe('1. Exact', () => {
  test('on any history every answer is the one of a bucket that counts in rationals', () => {
    fc.assert(
      fc.property(anyLimit, anyHistory, (limit, history) => {
        const { clock, bucket } = createBucket(limit);
        const model = createModel(limit);
        for (const step of history) {
          clock.set(moved(clock.now(), step, limit));
          const cost = costOf(step, limit);
          const { allowed, remaining } = bucket.takeSync('k', { cost });
          expect({ allowed, remaining }).toEqual(model.take(cost, clock.now()));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('between any two instants no more is admitted than the capacity and the refill', () => {
    fc.assert(
      fc.property(anyLimit, anyHistory, (limit, history) => {
        const { clock, bucket } = createBucket(limit);
        let latest = startMs;
        const admitted: Admission[] = [];
        for (const step of history) {
          clock.set(moved(clock.now(), step, limit));
          const cost = costOf(step, limit);
          latest = Math.max(latest, clock.now());
          if (bucket.takeSync('k', { cost }).allowed) admitted.push({ atMs: latest, cost });
        }
        expect(overAdmission(limit, admitted)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['10 a second', { capacity: 20, tokens: 10, everyMs: 1_000 }],
    ['3 a second', { capacity: 5, tokens: 3, everyMs: 1_000 }],
    ['7 a minute', { capacity: 7, tokens: 7, everyMs: 60_000 }],
    ['700 000 a second', { capacity: 1_000, tokens: 700_000, everyMs: 1_000 }],
    ['a million a day', { capacity: 100, tokens: 1_000_000, everyMs: 86_400_000 }],
  ])(
    'after a million takes at %s a saturating caller has had every token, and none more',
    (_, limit) => {
      const { clock, bucket } = createBucket(limit);
      for (let admitted = 0; admitted < 1_000_000; ) {
        const answer = bucket.takeSync('k');
        if (answer.allowed) admitted += 1;
        else {
          // Every token is gone: just now, the sum must be all that the limit ever gave.
          if (BigInt(admitted) !== mostTokens(limit, clock.now() - startMs)) {
            expect(BigInt(admitted)).toBe(mostTokens(limit, clock.now() - startMs));
          }
          clock.advance(answer.retryAfterMs ?? Number.NaN);
        }
      }
    },
  );

  test('a limit whose arithmetic would leave 2^53 is refused at construction', () => {
    const refill = { tokens: 7, everyMs: 86_400_000 };
    expect(() => createTokenBucket({ capacity: 2 ** 40, refill })).toThrow(RangeError);
    expect(() => createTokenBucket({ capacity: 2 ** 40, refill })).toThrow(
      'createTokenBucket: capacity 1099511627776 with a refill of 7 every 86400000 ms ' +
        'cannot be counted exactly',
    );
    // The period counts as it is after reduction: 7 000 000 a day are 7 in 86 400 ms.
    const reducible = { tokens: 7_000_000, everyMs: 86_400_000_000 };
    expect(() => createTokenBucket({ capacity: 2 ** 30, refill: reducible })).not.toThrow();
  });

  test('refill over centuries, where a product leaves 2^53, still only fills the bucket', () => {
    const { clock, bucket } = createBucket({
      capacity: 9,
      tokens: 1_000_000_007,
      everyMs: 999_999_937,
    });
    expect(bucket.takeSync('k', { cost: 9 }).allowed).toBe(true);
    clock.advance(1e14);
    expect(bucket.takeSync('k', { cost: 0 }).remaining).toBe(9);
  });
});
