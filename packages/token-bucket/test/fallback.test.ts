import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import { type Fault, faulty } from '../src/conformance.js';
import { createTokenBucket, memoryBucketStore, type OnStoreError } from '../src/index.js';
import { startMs, turn } from './shell-fixtures.js';

const limits = [
  { name: 'minute', capacity: 10, refill: { tokens: 10, everyMs: 60_000 } },
  { name: 'day', capacity: 40, refill: { tokens: 40, everyMs: 86_400_000 } },
];

function createBucket(script: readonly Fault[], onStoreError: OnStoreError) {
  const clock = createManualClock(startMs);
  const memory = memoryBucketStore({ clock });
  const store = faulty(memory, script, { lateMs: 60_000, clock });
  const bucket = createTokenBucket({ name: 'api', limits, store, clock, onStoreError });
  /** The answer, once the deadline has passed where it has to. */
  const answer = async <T>(promise: Promise<T>): Promise<T> => {
    promise.catch(() => {});
    await turn();
    clock.advance(100);
    return promise;
  };
  const healthy = createTokenBucket({ name: 'api', limits, store: memory, clock });
  return { clock, bucket, answer, healthy };
}

/** What each fault leaves in a bucket of 10 of which 3 were to be taken, and what it admits to. */
const faults: [fault: Fault, remaining: number, effect: string][] = [
  ['fail', 10, 'none'],
  ['lost-reply', 7, 'unknown'],
  ['late', 7, 'unknown'],
];

describe('7. A dead store is quick and honest', () => {
  describe.each(faults)('when the store meets %s', (fault, remaining, effect) => {
    test('throw rejects, and says whether something may have been taken', async () => {
      const { bucket, answer, healthy } = createBucket([fault], 'throw');
      const taken = answer(bucket.take('k', { cost: 3 }));
      await expect(taken).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', effect });
      expect(healthy.takeSync('k', { cost: 0 }).remaining).toBe(remaining);
    });

    test('allow allows, and says that nobody counted', async () => {
      const { bucket, answer, healthy } = createBucket([fault], 'allow');
      expect(await answer(bucket.take('k', { cost: 3 }))).toMatchObject({
        allowed: true,
        degraded: true,
        source: 'policy',
        limits: [
          { name: 'minute', capacity: 10 },
          { name: 'day', capacity: 40 },
        ],
      });
      expect(healthy.takeSync('k', { cost: 0 }).remaining).toBe(remaining);
    });

    test('deny refuses until the next probe, and blames no limit', async () => {
      const { bucket, answer, clock } = createBucket([fault], 'deny');
      const failedAtMs = startMs + (fault === 'late' ? 100 : 0);
      expect(await answer(bucket.take('k', { cost: 3 }))).toMatchObject({
        allowed: false,
        degraded: true,
        source: 'policy',
        violated: [],
        retryAfterMs: 1_000,
        atMs: failedAtMs,
      });
      clock.set(failedAtMs + 400.5);
      expect(await bucket.take('k')).toMatchObject({ retryAfterMs: 600, atMs: failedAtMs + 400 });
    });

    test('a local share answers with its own count', async () => {
      const { bucket, answer, healthy } = createBucket([fault], { local: 0.5 });
      const taken = await answer(bucket.take('k', { cost: 3 }));
      expect(taken).toMatchObject({ allowed: true, degraded: true, source: 'local' });
      expect(taken.limits.map((one) => [one.capacity, one.remaining])).toEqual([
        [5, 2],
        [20, 17],
      ]);
      expect(healthy.takeSync('k', { cost: 0 }).remaining).toBe(remaining);
    });
  });

  test('a healthy store decides, whatever the policy', async () => {
    for (const policy of ['throw', 'allow', 'deny', { local: 0.1 }] satisfies OnStoreError[]) {
      const { bucket } = createBucket([], policy);
      expect(await bucket.take('k')).toMatchObject({
        allowed: true,
        remaining: 9,
        degraded: false,
        source: 'store',
      });
      expect(await bucket.take('k', { cost: 10 })).toMatchObject({
        allowed: false,
        violated: ['minute'],
        degraded: false,
        source: 'store',
      });
    }
  });

  test('deny still answers a look, since a look takes nothing', async () => {
    const { bucket } = createBucket(['fail'], 'deny');
    expect(await bucket.peek('k')).toMatchObject({ allowed: true, degraded: true });
    expect(await bucket.peek('k', { cost: 1 })).toMatchObject({ allowed: false, degraded: true });
  });

  test('a local share refuses a cost above it until the probe, and one above the limit for ever', async () => {
    const { bucket, clock } = createBucket(['fail'], { local: 0.5 });
    const refused = await bucket.take('k', { cost: 6 });
    expect(refused).toMatchObject({ allowed: false, retryAfterMs: 1_000, violated: ['minute'] });
    clock.advance(250);
    expect(await bucket.take('k', { cost: 6 })).toMatchObject({ retryAfterMs: 750 });
    expect(await bucket.take('k', { cost: 10 })).toMatchObject({ retryAfterMs: 750 });
    expect(await bucket.take('k', { cost: 11 })).toMatchObject({ retryAfterMs: null });
    // What the share itself can give, it gives in its own time.
    await bucket.take('k', { cost: 5 });
    expect(await bucket.take('k', { cost: 1 })).toMatchObject({ retryAfterMs: 12_000 });
  });
});
