import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBucket, memoryBucketStore, type SyncTokenBucket } from '../src/index.js';
import {
  type Admission,
  anyHistory,
  anyLimit,
  costOf,
  type ModelLimit,
  moved,
  overAdmission,
} from './model.js';

/** Buckets of one name and store, with different limits: a rolling deploy. */
function createVersions(limits: readonly ModelLimit[]) {
  const clock = createManualClock(1_700_000_000_000);
  const store = memoryBucketStore({ clock });
  const versions = limits.map(({ capacity, tokens, everyMs }) =>
    createTokenBucket({ name: 'api', capacity, refill: { tokens, everyMs }, store, clock }),
  );
  return { clock, versions };
}

/** Limits so small that a history meets every corner of them. */
const smallLimit: fc.Arbitrary<ModelLimit> = fc.record({
  capacity: fc.integer({ min: 1, max: 12 }),
  tokens: fc.integer({ min: 1, max: 7 }),
  everyMs: fc.integer({ min: 1, max: 12 }),
});

/** Callers of changing versions who take nearly all there is, whenever they come. */
const greedyHistory = fc.array(
  fc.record({
    turn: fc.nat({ max: 2 }),
    passMs: fc.nat({ max: 15 }),
    leave: fc.constantFrom(0, 0, 1, 5),
  }),
  { minLength: 2, maxLength: 25 },
);

const hour = 3_600_000;

describe('5. A changed limit keeps whole tokens and never mints', () => {
  test('with versions side by side, no more is admitted than the widest capacity and the fastest refill', () => {
    fc.assert(
      fc.property(
        fc.array(smallLimit, { minLength: 2, maxLength: 3 }),
        greedyHistory,
        (limits, history) => {
          const { clock, versions } = createVersions(limits);
          const capacity = Math.max(...limits.map((limit) => limit.capacity));
          const fastest = limits.reduce((a, b) =>
            a.tokens * b.everyMs > b.tokens * a.everyMs ? a : b,
          );
          const admitted: Admission[] = [];
          for (const { turn, passMs, leave } of history) {
            clock.advance(passMs);
            const version = versions[turn % limits.length] as SyncTokenBucket;
            const cost = Math.max(0, version.takeSync('k', { cost: 0 }).remaining - leave);
            if (version.takeSync('k', { cost }).allowed) admitted.push({ atMs: clock.now(), cost });
          }
          expect(overAdmission({ ...fastest, capacity }, admitted)).toBeUndefined();
        },
      ),
      {
        numRuns: 10_000,
        // Found once in 17 000 runs: without the millisecond that `convert` adds, 14 of 13.
        examples: [
          [
            [
              { capacity: 3, tokens: 4, everyMs: 5 },
              { capacity: 10, tokens: 5, everyMs: 6 },
            ],
            [
              { turn: 1, passMs: 0, leave: 0 },
              { turn: 0, passMs: 3, leave: 1 },
              { turn: 1, passMs: 10, leave: 0 },
              { turn: 0, passMs: 0, leave: 0 },
            ],
          ],
        ],
      },
    );
  });

  test('a bucket that a narrow limit calls full is not forgotten while a wide one would still refill it', () => {
    const wide = { capacity: 100, tokens: 1, everyMs: 1_000 };
    const narrow = { capacity: 10, tokens: 10, everyMs: 1_000 };
    const { clock, versions } = createVersions([wide, narrow]);
    const [old, young] = versions as [SyncTokenBucket, SyncTokenBucket];
    expect(old.takeSync('k', { cost: 90 }).allowed).toBe(true);
    expect(young.takeSync('k', { cost: 1 })).toMatchObject({ allowed: true, remaining: 9 });
    clock.advance(1_000);
    expect(young.takeSync('k', { cost: 0 }).remaining).toBe(10);
    expect(old.takeSync('k', { cost: 90 }).allowed).toBe(false);
    expect(old.takeSync('k', { cost: 0 }).remaining).toBe(10);
    // As soon as the wide limit would have refilled it, it is full for both.
    clock.advance(89_000 + 101);
    expect(old.takeSync('k', { cost: 0 }).remaining).toBe(100);
  });

  test('whole tokens are kept, settled at the old rate and cut to the new capacity', () => {
    const { clock, versions } = createVersions([
      { capacity: 100, tokens: 10, everyMs: hour },
      { capacity: 100, tokens: 90, everyMs: hour },
      { capacity: 4, tokens: 10, everyMs: hour },
    ]);
    const [slow, fast, small] = versions as [SyncTokenBucket, SyncTokenBucket, SyncTokenBucket];
    slow.takeSync('k', { cost: 93 });
    clock.advance(hour / 4);
    // 7 left and 2.5 come back at 10 an hour: the half token does not cross over.
    const answer = fast.takeSync('k', { cost: 1 });
    expect(answer).toMatchObject({ remaining: 8, resetAfterMs: 92 * 40_000 });
    expect(small.takeSync('k', { cost: 1 }).remaining).toBe(3);
    expect(fast.takeSync('k', { cost: 0 }).remaining).toBe(3);
  });

  test('a wait under a changed limit is reckoned at the rate that rules until somebody takes', () => {
    fc.assert(
      fc.property(anyLimit, anyLimit, anyHistory, (before, after, history) => {
        const { clock, versions } = createVersions([before, after]);
        const [old, young] = versions as [SyncTokenBucket, SyncTokenBucket];
        for (const step of history) {
          clock.set(moved(clock.now(), step, before));
          old.takeSync('k', { cost: costOf(step, before) });
        }
        const at = clock.now();
        const answer = young.takeSync('k', { cost: after.capacity });
        if (answer.allowed || answer.retryAfterMs === null) return;
        clock.set(at + answer.retryAfterMs - 1);
        expect(young.takeSync('k', { cost: after.capacity }).allowed).toBe(false);
        clock.set(at + answer.retryAfterMs);
        expect(young.takeSync('k', { cost: after.capacity }).allowed).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
