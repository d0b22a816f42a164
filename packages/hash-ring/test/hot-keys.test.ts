import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import { createHotKeys } from '../src/salting.js';

function started(options: Partial<Parameters<typeof createHotKeys>[0]> = {}) {
  const clock = createManualClock(5_000);
  return { clock, hot: createHotKeys({ halfLifeMs: 1_000, clock, ...options }) };
}

function recordAll(hot: ReturnType<typeof createHotKeys>, text: string): void {
  for (const key of text) hot.record(key);
}

describe('10. Hot keys are counted within bounds', () => {
  test('while there are counters enough, every weight is exact', () => {
    const { hot } = started();
    recordAll(hot, 'abacabad');
    expect(hot.top(2)).toEqual([
      { key: 'a', weight: 4, error: 0, share: 0.5, leastShare: 0.5 },
      { key: 'b', weight: 2, error: 0, share: 0.25, leastShare: 0.25 },
    ]);
  });

  test('a new key takes the place of the lightest, and its weight as the error', () => {
    const { hot } = started({ capacity: 2 });
    recordAll(hot, 'aaabbc');
    expect(hot.top(9)).toEqual([
      { key: 'a', weight: 3, error: 0, share: 0.5, leastShare: 0.5 },
      { key: 'c', weight: 3, error: 2, share: 0.5, leastShare: 1 / 6 },
    ]);
    expect(hot.estimate('b')).toBeUndefined();
    expect(hot.snapshot().unseen).toBe(3);
  });

  test('a weight halves with every half-life, and shares stay as they are', () => {
    const { hot, clock } = started();
    hot.record('a', 8);
    hot.record('b', 24);
    clock.advance(2_000);
    expect(hot.top(2)).toMatchObject([
      { key: 'b', weight: 6, share: 0.75 },
      { key: 'a', weight: 2, share: 0.25 },
    ]);
  });

  test('what was hot long ago makes room for what is hot now', () => {
    const { hot, clock } = started({ capacity: 1 });
    hot.record('old', 1_000_000);
    clock.advance(100_000);
    hot.record('new', 1);
    const [first] = hot.top(1);
    expect(first?.key).toBe('new');
    expect(first?.leastShare).toBeGreaterThan(0.999);
  });

  test('a pause of centuries leaves no weight, and nothing is infinite or no number', () => {
    const { hot, clock } = started({ halfLifeMs: 1 });
    hot.record('a', Number.MAX_SAFE_INTEGER);
    clock.advance(1e13);
    expect(hot.estimate('a')).toMatchObject({ weight: 0, share: 0 });
    hot.record('b');
    expect(hot.top(1)).toEqual([{ key: 'b', weight: 1, error: 0, share: 1, leastShare: 1 }]);
    for (let i = 0; i < 2_000; i += 1) {
      clock.advance(100);
      hot.record('b');
      expect(hot.estimate('b')?.share).toBe(1);
    }
    expect(hot.estimate('b')?.weight).toBeCloseTo(1, 9);
  });

  test('a clock that goes back stands still', () => {
    const { hot, clock } = started();
    hot.record('a', 8);
    clock.advance(1_000);
    expect(hot.estimate('a')?.weight).toBe(4);
    clock.set(0);
    hot.record('a', 4);
    expect(hot.estimate('a')?.weight).toBe(8);
  });

  test('a hundred thousand hostile keys take no more counters than the capacity', () => {
    const { hot } = started({ capacity: 100 });
    for (let i = 0; i < 100_000; i += 1) hot.record(`hostile-${i}`);
    expect(hot.top(Number.MAX_SAFE_INTEGER)).toHaveLength(100);
    // None of them surely has any share worth the name.
    for (const { leastShare } of hot.top(100)) expect(leastShare).toBeLessThan(0.0001);
  });

  test('a key that has a tenth is seen among a hundred thousand hostile ones', () => {
    const { hot } = started({ capacity: 100 });
    for (let i = 0; i < 100_000; i += 1) hot.record(i % 10 === 0 ? 'victim' : `hostile-${i}`);
    const [first] = hot.top(1);
    expect(first?.key).toBe('victim');
    expect(first?.leastShare).toBeLessThanOrEqual(0.1);
    expect(first?.share).toBeGreaterThanOrEqual(0.1);
    expect((first?.share as number) - (first?.leastShare as number)).toBeLessThanOrEqual(0.01);
  });

  test('with defaults, it counts 1 000 keys', () => {
    const hot = createHotKeys();
    for (let i = 0; i < 3_000; i += 1) hot.record(`key-${i}`);
    expect(hot.snapshot().counters).toHaveLength(1_000);
    expect(hot.snapshot().halfLifeMs).toBe(60_000);
  });
});

describe('createHotKeys', () => {
  test('nothing recorded is nothing hot', () => {
    const { hot } = started();
    expect(hot.top(3)).toEqual([]);
    expect(hot.estimate('a')).toBeUndefined();
    hot.record('a', 0);
    expect(hot.top(3)).toEqual([]);
  });

  test('of equal weights the order is that of the keys', () => {
    const { hot } = started();
    recordAll(hot, 'cab');
    expect(hot.top(3).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  test('refuses bad options, keys, weights and counts', () => {
    const bad: [keyof Parameters<typeof createHotKeys>[0] & string, unknown[]][] = [
      ['capacity', [0, -1, 1.5, Number.NaN, 2 ** 24 + 1]],
      ['halfLifeMs', [0, -1, Number.NaN, Number.POSITIVE_INFINITY]],
      ['maxSources', [-1, 0.5]],
    ] as never;
    for (const [option, values] of bad) {
      for (const value of values) {
        expect(() => createHotKeys({ [option]: value })).toThrow(RangeError);
      }
      expect(() => createHotKeys({ [option]: '5' as never })).toThrow(TypeError);
    }
    const { hot } = started();
    expect(() => hot.record('')).toThrow(RangeError);
    expect(() => hot.record('x'.repeat(1_025))).toThrow(RangeError);
    expect(() => hot.record(7 as never)).toThrow(TypeError);
    for (const weight of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => hot.record('a', weight)).toThrow(/^record: weight must be/);
    }
    expect(() => hot.top(0)).toThrow('top: k must be an integer of at least 1, got 0');
    expect(() => hot.top('1' as never)).toThrow(TypeError);
    expect(() => hot.estimate('')).toThrow(RangeError);
    expect(hot.top(1)).toEqual([]);
  });
});
