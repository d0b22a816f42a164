import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faulty } from '../src/conformance.js';
import { createTokenBucket, memoryBucketStore } from '../src/index.js';
import {
  type Admission,
  anyHistory,
  anyLimit,
  costOf,
  type ModelLimit,
  moved,
  overAdmission,
} from './model.js';
import { startMs } from './shell-fixtures.js';

/** A share as a fraction, so that its bound can be reckoned in integers. */
const anyShare = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }))
  .map(([a, b]) => ({ parts: Math.min(a, b), of: Math.max(a, b) }));

type Share = { readonly parts: number; readonly of: number };

/** Limits so small that a rounding soon shows. */
const smallLimit: fc.Arbitrary<ModelLimit> = fc.record({
  capacity: fc.integer({ min: 3, max: 12 }),
  tokens: fc.integer({ min: 1, max: 3 }),
  everyMs: fc.integer({ min: 1, max: 9 }),
});

/** A bucket whose store fails for ever. */
function createDegraded({ capacity, tokens, everyMs }: ModelLimit, { parts, of }: Share) {
  const clock = createManualClock(startMs);
  const store = faulty(memoryBucketStore({ clock }), Array(1_000).fill('fail'));
  const refill = { tokens, everyMs };
  const onStoreError = { local: parts / of };
  return { clock, bucket: createTokenBucket({ capacity, refill, store, clock, onStoreError }) };
}

/** The share of a limit: of the capacity rounded down, but one token at least. */
function shareOf({ capacity, tokens, everyMs }: ModelLimit, { parts, of }: Share): ModelLimit {
  const part = Math.max(1, Math.floor((capacity * parts) / of));
  return { capacity: part, tokens: tokens * parts, everyMs: everyMs * of };
}

describe('7. A dead store is quick and honest', () => {
  test('a local share never admits more than its part of the capacity and of the refill', async () => {
    await fc.assert(
      fc.asyncProperty(anyLimit, anyShare, anyHistory, async (limit, share, history) => {
        const { clock, bucket } = createDegraded(limit, share);
        const part = shareOf(limit, share);
        const admitted: Admission[] = [];
        for (const step of history) {
          clock.set(moved(clock.now(), { ...step, move: Math.abs(step.move) }, part));
          const cost = costOf(step, part);
          const answer = await bucket.take('k', { cost });
          expect(answer.degraded).toBe(true);
          if (answer.allowed) admitted.push({ atMs: clock.now(), cost });
        }
        expect(overAdmission(part, admitted)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test('a local share gives no more to callers who take all there is, whenever they come', async () => {
    const passes = fc.array(fc.nat({ max: 9 }), { minLength: 20, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(smallLimit, anyShare, passes, async (limit, share, history) => {
        const { clock, bucket } = createDegraded(limit, share);
        const admitted: Admission[] = [];
        for (const passMs of history) {
          clock.advance(passMs);
          const cost = (await bucket.peek('k')).remaining;
          if ((await bucket.take('k', { cost })).allowed) {
            admitted.push({ atMs: clock.now(), cost });
          }
        }
        expect(overAdmission(shareOf(limit, share), admitted)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test('a local share gives its part of the capacity at once, to every key', async () => {
    await fc.assert(
      fc.asyncProperty(anyLimit, anyShare, async (limit, share) => {
        const { bucket } = createDegraded(limit, share);
        // A part that is whole may come out one token less, as a double is.
        const most = Math.max(1, shareOf(limit, share).capacity - 1);
        for (const key of ['a', 'b']) {
          const answer = await bucket.take(key, { cost: most });
          expect(answer).toMatchObject({ allowed: true, source: 'local' });
        }
      }),
    );
  });
});
