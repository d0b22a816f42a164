import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBucket, memoryBucketStore, type TakeResult } from '../src/index.js';
import { anyHistory, anyLimit, costOf, type ModelLimit, moved } from './model.js';

const two = [
  { name: 'minute', capacity: 6, refill: { tokens: 6, everyMs: 60_000 } },
  { name: 'day', capacity: 10, refill: { tokens: 10, everyMs: 86_400_000 } },
];

function createTwo() {
  const clock = createManualClock(1_700_000_000_000);
  const bucket = createTokenBucket({
    name: 'llm',
    limits: two,
    store: memoryBucketStore({ clock }),
    clock,
  });
  return { clock, bucket };
}

function remaining(answer: TakeResult): number[] {
  return answer.limits.map((limit) => limit.remaining);
}

describe('3. A refusal takes nothing', () => {
  test('on any history the answers are the same with the refused takes left out', () => {
    fc.assert(
      fc.property(anyLimit, anyHistory, (limit, history) => {
        const play = (skip: ReadonlySet<number>): (TakeResult | undefined)[] => {
          const clock = createManualClock(1_700_000_000_000);
          const { capacity, tokens, everyMs }: ModelLimit = limit;
          const store = memoryBucketStore({ clock });
          const bucket = createTokenBucket({ capacity, refill: { tokens, everyMs }, store, clock });
          return history.map((step, i) => {
            clock.set(moved(clock.now(), step, limit));
            return skip.has(i) ? undefined : bucket.takeSync('k', { cost: costOf(step, limit) });
          });
        };
        const all = play(new Set());
        const refused = new Set(all.flatMap((answer, i) => (answer?.allowed ? [] : [i])));
        const without = play(refused);
        expect(without).toEqual(all.map((answer, i) => (refused.has(i) ? undefined : answer)));
      }),
      { numRuns: 500 },
    );
  });

  test('several limits are all or nothing, and violated names every one that refused', () => {
    const { bucket } = createTwo();
    expect(bucket.takeSync('k', { cost: 6 }).allowed).toBe(true);
    const one = bucket.takeSync('k', { cost: 1 });
    expect(one).toMatchObject({ allowed: false, violated: ['minute'], policy: 'minute', limit: 6 });
    const both = bucket.takeSync('k', { cost: 5 });
    expect(both).toMatchObject({ allowed: false, violated: ['minute', 'day'] });
    expect(remaining(bucket.takeSync('k', { cost: 0 }))).toEqual([0, 4]);
  });

  test('top-level figures are those of the tightest limit', () => {
    const { clock, bucket } = createTwo();
    expect(bucket.takeSync('k', { cost: 1 })).toMatchObject({
      policy: 'minute',
      limit: 6,
      remaining: 5,
    });
    bucket.takeSync('k', { cost: 5 });
    clock.advance(60_000);
    expect(bucket.takeSync('k', { cost: 0 })).toMatchObject({
      policy: 'day',
      limit: 10,
      remaining: 4,
    });
    // Both refuse 5 after another take of 2; the day's limit refuses for longer.
    bucket.takeSync('k', { cost: 2 });
    const refused = bucket.takeSync('k', { cost: 5 });
    expect(refused).toMatchObject({ policy: 'day', violated: ['minute', 'day'] });
    expect(refused.allowed ? 0 : refused.retryAfterMs).toBeGreaterThan(
      refused.limits[0]?.resetAfterMs ?? 0,
    );
  });

  test('several limits may have a key each', () => {
    const { bucket } = createTwo();
    bucket.takeSync({ minute: 'key-7', day: 'tenant-1' }, { cost: 4 });
    expect(remaining(bucket.takeSync({ minute: 'key-8', day: 'tenant-1' }, { cost: 0 }))).toEqual([
      6, 6,
    ]);
    expect(remaining(bucket.takeSync({ minute: 'key-7', day: 'tenant-2' }, { cost: 0 }))).toEqual([
      2, 10,
    ]);
  });

  test('a refused key makes no room for itself: nothing is created', () => {
    const clock = createManualClock(1_700_000_000_000);
    const evicted: string[] = [];
    const bucket = createTokenBucket({
      capacity: 2,
      refill: { tokens: 1, everyMs: 60_000 },
      store: memoryBucketStore({ clock, maxKeys: 1 }),
      clock,
      observer: { evicted: ({ key }) => evicted.push(key) },
    });
    bucket.takeSync('kept');
    for (const key of ['a', 'b', 'c'])
      expect(bucket.takeSync(key, { cost: 3 }).allowed).toBe(false);
    expect(evicted).toEqual([]);
    expect(bucket.takeSync('kept', { cost: 0 }).remaining).toBe(1);
    bucket.takeSync('d');
    expect(evicted).toEqual(['kept']);
  });
});
