import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBucket, memoryBucketStore, type SyncTokenBucket } from '../src/index.js';
import { anyHistory, anyLimit, costOf, type ModelLimit, moved } from './model.js';
import { startMs } from './shell-fixtures.js';

/** Limits so small that a history meets every corner of them. */
const smallLimit: fc.Arbitrary<ModelLimit> = fc.record({
  capacity: fc.integer({ min: 1, max: 12 }),
  tokens: fc.integer({ min: 1, max: 7 }),
  everyMs: fc.integer({ min: 1, max: 12 }),
});

/** Buckets of one name and store, with different limits: a rolling deploy. */
function createVersions(limits: readonly ModelLimit[]) {
  const clock = createManualClock(startMs);
  const store = memoryBucketStore({ clock });
  const versions = limits.map(({ capacity, tokens, everyMs }) =>
    createTokenBucket({ name: 'api', capacity, refill: { tokens, everyMs }, store, clock }),
  );
  const version = (turn: number) => versions[turn % versions.length] as SyncTokenBucket;
  return { clock, version };
}

describe('1. Exact', () => {
  test('on any history takeSync answers as take does', async () => {
    await fc.assert(
      fc.asyncProperty(anyLimit, anyHistory, async (limit, history) => {
        const [one, other] = [createVersions([limit]), createVersions([limit])];
        for (const step of history) {
          const atMs = moved(one.clock.now(), step, limit);
          for (const { clock } of [one, other]) clock.set(atMs);
          const cost = costOf(step, limit);
          const answer = one.version(0).takeSync('k', { cost });
          expect(answer).toEqual(await other.version(0).take('k', { cost }));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('5. A changed limit keeps whole tokens and never mints', () => {
  test('with versions side by side takeSync answers as take does', async () => {
    const anyStep = fc.record({
      turn: fc.nat({ max: 2 }),
      passMs: fc.integer({ min: -3, max: 15 }),
      cost: fc.integer({ min: 0, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(smallLimit, { minLength: 2, maxLength: 3 }),
        fc.array(anyStep, { minLength: 2, maxLength: 40 }),
        async (limits, steps) => {
          const [one, other] = [createVersions(limits), createVersions(limits)];
          for (const { turn, passMs, cost } of steps) {
            for (const { clock } of [one, other]) clock.set(clock.now() + passMs);
            const answer = one.version(turn).takeSync('k', { cost });
            expect(answer).toEqual(await other.version(turn).take('k', { cost }));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
