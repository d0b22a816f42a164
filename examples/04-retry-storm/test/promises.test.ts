import { describe, expect, test } from 'vitest';
import { findingsOf } from '../findings.js';
import { tourLoad } from '../load.js';
import { judge } from '../promises.js';
import type { Call, Run } from '../run.js';
import type { Demonstration } from '../stop.js';
import { runOf, steadily } from './stage.js';

const fine = runOf(steadily(() => ({})));
const down = runOf(
  steadily((atMs): Partial<Call> => (atMs < 900 ? {} : { outcome: 'failed', attempts: 4 })),
);
const broken = runOf(
  steadily((atMs): Partial<Call> => {
    return atMs > 900 && atMs < 2_000 ? { outcome: 'refused', attempts: 0 } : {};
  }),
);
const good: Demonstration = {
  load: tourLoad,
  naive: down,
  naiveWithBreaker: broken,
  budgeted: fine,
  budgetedWithBreaker: broken,
};

/** Which promises are kept, in their order: capped, first attempts, back, bites, breaker. */
function kept(change: Partial<Demonstration> = {}): boolean[] {
  return judge({ ...good, ...change }).map((verdict) => verdict.kept);
}

/** What is kept but for the promise at this place. */
function allBut(place: number): boolean[] {
  return [true, true, true, true, true].with(place, false);
}

describe('a promise', () => {
  test('is kept in a run where all went well', () => {
    expect(kept()).toEqual([true, true, true, true, true]);
  });

  test('is broken by one retry too many', () => {
    const { clients, reserve, ratio } = tourLoad;
    const most = Math.floor(clients * reserve + ratio * fine.calls.length);
    const withRetries = (retries: number): Run => {
      return { ...fine, sentAtMs: [...fine.sentAtMs, ...Array<number>(retries).fill(1_000)] };
    };
    expect(kept({ budgeted: withRetries(most) })).toEqual(kept());
    expect(kept({ budgeted: withRetries(most + 1) })).toEqual(allBut(0));
  });

  test('is broken by a call that was never sent', () => {
    const [, ...rest] = fine.calls;
    const calls: Call[] = [{ ...fine.calls[0]!, outcome: 'failed', attempts: 0 }, ...rest];
    expect(kept({ budgeted: { ...fine, calls } })).toEqual(allBut(1));
  });

  test('is broken by a service that is still down in the end', () => {
    const late = steadily((atMs) => (atMs > 4_000 ? { outcome: 'failed' } : {}));
    expect(kept({ budgeted: runOf(late) })).toEqual(allBut(2));
  });

  test('is broken when it went well with naive retries, too: then nothing was shown', () => {
    expect(kept({ naive: fine })).toEqual(allBut(3));
  });

  test('is broken by a breaker that never opened', () => {
    expect(kept({ naiveWithBreaker: fine })).toEqual(allBut(4));
    expect(kept({ budgetedWithBreaker: fine })).toEqual(allBut(4));
  });

  test('is broken by runs without a single call', () => {
    const none = runOf([]);
    const all = { naive: none, naiveWithBreaker: none, budgeted: none, budgetedWithBreaker: none };
    expect(kept(all)).toEqual([false, false, false, false, false]);
  });
});

test('findings show every run, in the order of time', () => {
  const { timeline, chart, figures } = findingsOf(good);
  expect(timeline.map(({ atMs }) => atMs)).toEqual([0, 800, 900, 1_800, 5_250]);
  expect(figures[0]).toMatchObject({ without: '0 %', with: '100 %' });
  expect(figures[2]).toMatchObject({ without: 'never', with: '0.00 s' });
  expect(figures[3]).toMatchObject({ without: '0.25 s', with: '0.25 s' });
  expect(chart.with.at(-1)).toEqual([5.25, 100]);
  expect(chart.without.at(-1)).toEqual([5.25, 0]);
});
