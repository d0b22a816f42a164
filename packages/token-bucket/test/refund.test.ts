import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBucket, memoryBucketStore, type TakeResult } from '../src/index.js';
import { startMs } from './shell-fixtures.js';

const refill = { tokens: 1, everyMs: 1_000 };

function createBucket(capacities: Record<string, number> = { only: 10 }, maxKeys?: number) {
  const clock = createManualClock(startMs);
  const dropped: string[] = [];
  const bucket = createTokenBucket({
    limits: Object.entries(capacities).map(([name, capacity]) => ({ name, capacity, refill })),
    store: memoryBucketStore({ clock, maxKeys }),
    clock,
    observer: { evicted: ({ key }) => dropped.push(key) },
  });
  return { clock, bucket, dropped };
}

function remaining({ limits }: TakeResult): number[] {
  return limits.map((limit) => limit.remaining);
}

describe('a refund', () => {
  test('gives back what can be taken again, and tells what is there then', async () => {
    const { bucket } = createBucket();
    bucket.takeSync('k', { cost: 10 });
    expect(await bucket.refund('k', 4)).toMatchObject({
      allowed: true,
      remaining: 4,
      resetAfterMs: 6_000,
      source: 'store',
    });
    expect(bucket.takeSync('k', { cost: 5 }).allowed).toBe(false);
    expect(bucket.takeSync('k', { cost: 4 }).allowed).toBe(true);
  });

  test('never fills a bucket above its capacity', async () => {
    const { bucket } = createBucket();
    bucket.takeSync('k', { cost: 3 });
    expect(await bucket.refund('k', 9)).toMatchObject({ remaining: 10, resetAfterMs: 0 });
    expect(bucket.takeSync('k', { cost: 11 }).allowed).toBe(false);
    expect(bucket.takeSync('k', { cost: 10 }).remaining).toBe(0);
  });

  test('counts with what has come back meanwhile, to the part of a token', async () => {
    const { bucket, clock } = createBucket();
    bucket.takeSync('k', { cost: 10 });
    clock.advance(2_500);
    expect(await bucket.refund('k', 3)).toMatchObject({ remaining: 5, resetAfterMs: 4_500 });
  });

  test('of nothing changes nothing', async () => {
    const { bucket } = createBucket();
    bucket.takeSync('k', { cost: 3 });
    expect(await bucket.refund('k', 0)).toMatchObject({ allowed: true, remaining: 7 });
  });

  test('to an absent key changes nothing, and takes nobody’s place', async () => {
    const { bucket, dropped } = createBucket({ only: 10 }, 1);
    bucket.takeSync('kept', { cost: 3 });
    expect(await bucket.refund('absent', 5)).toMatchObject({ allowed: true, remaining: 10 });
    expect(dropped).toEqual([]);
    expect((await bucket.peek('kept')).remaining).toBe(7);
  });

  test('goes to every limit, each up to its own capacity', async () => {
    const { bucket } = createBucket({ small: 4, large: 20 });
    bucket.takeSync({ small: 'a', large: 't' }, { cost: 2 });
    bucket.takeSync({ small: 'b', large: 't' }, { cost: 3 });
    expect(remaining(await bucket.refund({ small: 'a', large: 't' }, 3))).toEqual([4, 18]);
    expect(remaining(await bucket.peek({ small: 'b', large: 't' }))).toEqual([1, 18]);
  });

  test('undoes a take, on any level and of any size', async () => {
    const taken = fc.integer({ min: 0, max: 10 });
    await fc.assert(
      fc.asyncProperty(taken, taken, fc.nat({ max: 12_000 }), async (before, cost, passMs) => {
        const { bucket, clock } = createBucket();
        bucket.takeSync('k', { cost: before });
        clock.advance(passMs);
        const { resetAfterMs } = await bucket.peek('k');
        const { allowed } = bucket.takeSync('k', { cost });
        const back = await bucket.refund('k', allowed ? cost : 0);
        expect(back.resetAfterMs).toBe(resetAfterMs);
      }),
    );
  });
});
