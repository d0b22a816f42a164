import { describe, expect, test } from 'vitest';
import { judge } from '../promises.js';
import type { Run } from '../run.js';
import type { Demonstration } from '../stop.js';
import { quickLoad } from './stage.js';

const truth = new Map([
  ['star', 600],
  ['fan', 200],
]);
const load = { ...quickLoad, events: 800, partitions: 4 };

/** A run with these loads, that counted right unless it is told otherwise. */
function runOf(loads: number[], counts: ReadonlyMap<string, number> = truth): Run {
  const named = new Map(loads.map((records, i) => [`p${i + 1}`, records]));
  const total = { counts, incomplete: [], reads: 2 };
  return { loads: named, doneAtMs: named, ms: 1, total };
}

function kept(changed: Partial<Demonstration> = {}): boolean[] {
  const good: Demonstration = {
    load,
    truth,
    plain: runOf([600, 100, 50, 50]),
    bounded: runOf([250, 200, 200, 150]),
    counted: runOf([10, 10, 10, 10]),
    salted: runOf([220, 200, 200, 180]),
    hot: ['star', 'fan'],
    seats: () => ['p1', 'p2'],
  };
  return judge({ ...good, ...changed }).map((verdict) => verdict.kept);
}

/** Exact, flat, flatter, distinct, found, bounded. */
const fine = [true, true, true, true, true, true];

describe('a promise', () => {
  test('is kept where all went well', () => {
    expect(kept()).toEqual(fine);
  });

  test('is broken by one event too many, or too few, in any run', () => {
    for (const run of ['plain', 'bounded', 'counted', 'salted'] as const) {
      for (const star of [599, 601]) {
        const wrong = new Map([...truth, ['star', star]]);
        const loads = run === 'plain' ? [600, 100, 50, 50] : [220, 200, 200, 180];
        expect(kept({ [run]: runOf(loads, wrong) })).toEqual(fine.with(0, false));
      }
    }
  });

  test('is broken by a key of which a part is missing, though the sum is right', () => {
    const salted = runOf([220, 200, 200, 180]);
    const total = { ...salted.total, incomplete: ['fan'] };
    expect(kept({ salted: { ...salted, total } })).toEqual(fine.with(0, false));
  });

  test('is broken when the straggler is nearly what it was', () => {
    expect(kept({ salted: runOf([350, 150, 150, 150]) })).toEqual([
      ...[true, false, false],
      ...[true, true, true],
    ]);
    expect(
      kept({ salted: runOf([290, 170, 170, 170]), plain: runOf([400, 200, 100, 100]) }),
    ).toEqual(fine.with(2, false));
  });

  test('is broken when there was no straggler in the first place, for nothing was seen', () => {
    expect(kept({ plain: runOf([200, 200, 200, 200]) })).toEqual(fine.with(2, false));
  });

  test('is broken by two salts on one partition, and where nothing was salted', () => {
    expect(kept({ seats: () => ['p1', 'p2', 'p1'] })).toEqual(fine.with(3, false));
    expect(kept({ hot: [] })).toEqual([true, true, true, false, false, true]);
  });

  test('is broken by a hot key that was not found', () => {
    expect(kept({ hot: ['fan'] })).toEqual(fine.with(4, false));
  });

  test('is broken by a bounded partition with one record too many', () => {
    expect(kept({ bounded: runOf([251, 200, 200, 149]) })).toEqual(fine.with(5, false));
  });
});
