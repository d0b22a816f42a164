import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTally, recoveredAfterMs, type Span } from '../src/simulate/tally.js';

const span: Span = { intervalMs: 1_000, fault: { fromMs: 2_000, toMs: 4_500 }, endMs: 30_000 };

/** A series that only says which part of the calls of each second succeeded. */
function seriesOf(shares: readonly number[]) {
  return shares.map((successShare, second) => {
    const fromMs = second * span.intervalMs;
    return { fromMs, calls: 10, attempts: 10, goodputPerSecond: 0, successShare, queued: 0 };
  });
}

/** Thirty good seconds but for some. */
function badIn(...seconds: readonly number[]): number[] {
  return Array.from({ length: 30 }, (_, second) => (seconds.includes(second) ? 0.8 : 1));
}

describe('recovery', () => {
  test('is counted from the end of the fault to the first second after the last bad one', () => {
    expect(recoveredAfterMs(seriesOf(badIn(2, 3, 4, 7)), span)).toBe(3_500);
    expect(recoveredAfterMs(seriesOf(badIn(4)), span)).toBe(500);
  });

  test('is at once where nothing was bad, or only before the end of the fault', () => {
    expect(recoveredAfterMs(seriesOf(badIn()), span)).toBe(0);
    expect(recoveredAfterMs(seriesOf(badIn(0, 2, 3)), span)).toBe(0);
  });

  test('takes nine of ten for good', () => {
    const shares = badIn().with(8, 0.9).with(9, 0.8999);
    expect(recoveredAfterMs(seriesOf(shares), span)).toBe(5_500);
  });

  test('has to be seen for ten seconds', () => {
    expect(recoveredAfterMs(seriesOf(badIn(19)), span)).toBe(15_500);
    expect(recoveredAfterMs(seriesOf(badIn(20)), span)).toBeNull();
    expect(recoveredAfterMs(seriesOf(badIn(29)), span)).toBeNull();
  });

  test('whenever it is, all that follows is good, and what is just before is not', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 30,
      maxLength: 30,
    });
    fc.assert(
      fc.property(shares, fc.integer({ min: 0, max: 30 }), (some, calmFrom) => {
        const series = seriesOf(some.map((share, i) => (i >= calmFrom ? 1 : share)));
        const after = recoveredAfterMs(series, span);
        const good = ({ successShare }: { successShare: number }) => successShare >= 0.9;
        if (after === null) return void expect(series.slice(20).every(good)).toBe(false);
        const atMs = span.fault.toMs + after;
        expect(series.filter(({ fromMs }) => fromMs >= atMs).every(good)).toBe(true);
        if (after === 0) return;
        expect(series.filter(({ fromMs }) => fromMs < atMs).findLast(() => true)).not.toSatisfy(
          good,
        );
      }),
    );
  });
});

describe('a tally', () => {
  test('counts a call where it began, its attempts where they were sent', () => {
    let now = 1_500;
    const tally = createTally(() => now, { ...span, endMs: 4_000 });
    const before = tally.begin();
    before.attempt();
    now = 2_500;
    const since = tally.begin();
    since.attempt();
    before.attempt();
    now = 3_999;
    since.attempt();
    before.end(true);
    tally.look(3, 7);
    // When no more calls begin, nothing is counted for an interval.
    now = 4_000;
    since.attempt();
    since.end(true);
    const { series, amplification, goodputPerSecond } = tally.simulation();
    expect(series.map(({ calls, attempts }) => [calls, attempts])).toEqual([
      [0, 0],
      [1, 1],
      [1, 2],
      [0, 1],
    ]);
    expect(series.map((one) => one.goodputPerSecond)).toEqual([0, 0, 0, 1]);
    expect(series.map((one) => one.successShare)).toEqual([1, 1, 1, 1]);
    expect(series.map((one) => one.queued)).toEqual([0, 0, 0, 7]);
    // Of the calls since the fault: one, with three attempts, in two seconds.
    expect(amplification).toBe(3);
    expect(goodputPerSecond).toBe(0.5);
  });

  test('a call that fails is no success, then or later', () => {
    const tally = createTally(() => 2_000, { ...span, endMs: 3_000 });
    for (const succeeded of [true, false, false, false]) tally.begin().end(succeeded);
    expect(tally.simulation().series[2]).toMatchObject({ calls: 4, successShare: 0.25 });
    expect(tally.simulation()).toMatchObject({ amplification: 0, goodputPerSecond: 1 });
  });
});
