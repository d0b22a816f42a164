import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import { createHotSet } from '../src/salting/hot-set.js';
import { createHotKeys, createSalter, type SalterOptions } from '../src/salting.js';
import { recordShare, ringOf, writesOf } from './salting-fixtures.js';

const halfLifeMs = 1_000;

function started(options: Partial<SalterOptions> = {}) {
  const clock = createManualClock();
  const hot = createHotKeys({ capacity: 2_000, halfLifeMs, clock });
  const salter = createSalter({ ring: ringOf(10), hot, ...options });
  /** The share that a key has from now on: all that was before is forgotten. */
  const setShare = (percent: number) => {
    clock.advance(100 * halfLifeMs);
    recordShare(hot, 'key', percent);
  };
  const salts = (key = 'key') => writesOf(salter, key, 2_000).size;
  return { clock, hot, salter, setShare, salts };
}

describe('10. Hot keys are counted within bounds', () => {
  test('a key is salted from enterShare on, and no longer below leaveShare', () => {
    const { setShare, salts } = started({ enterShare: 0.2, leaveShare: 0.1 });
    const seen = [10, 19, 20, 15, 10, 9, 15, 19, 21].map((percent) => {
      setShare(percent);
      return salts() > 1;
    });
    expect(seen).toEqual([false, false, true, true, true, false, false, false, true]);
  });

  test('a share that wavers within the two thresholds changes no salt', () => {
    const { setShare, salts } = started({ enterShare: 0.2, leaveShare: 0.1 });
    setShare(40);
    expect(salts()).toBe(8);
    for (const percent of [39, 21, 20, 19, 11, 30, 12, 40]) {
      setShare(percent);
      expect(salts()).toBe(8);
    }
  });

  test('while a key is hot its salts only become more, and when it is not they are 1 at once', () => {
    const { setShare, salts } = started({ enterShare: 0.02, leaveShare: 0.01 });
    const seen = [2, 5, 30, 10, 90, 5, 1, 0].map((percent) => {
      setShare(percent);
      return salts();
    });
    expect(seen).toEqual([2, 4, 8, 8, 9, 9, 9, 1]);
  });

  test('by default a key is hot when one salt is too few, and no longer at half of that', () => {
    // 0.1 / (10 − 1): a share of 1.1 %.
    const { setShare, salts } = started();
    const seen = [1.1, 1.2, 0.6, 0.5].map((percent) => {
      setShare(percent);
      return salts();
    });
    expect(seen).toEqual([1, 2, 2, 1]);
  });

  test('after a start, a key with a large share of few events is not hot', () => {
    const { hot, salts } = started();
    for (let i = 1; i < 30; i += 1) {
      hot.record('key');
      expect(salts()).toBe(1);
    }
    hot.record('key');
    expect(salts()).toBe(10);
  });

  test('how much weight it takes is enterWeight', () => {
    const early = started({ enterWeight: 0 });
    early.hot.record('key');
    expect(early.salts()).toBe(10);
    const late = started({ enterWeight: 500 });
    late.hot.record('key', 499);
    expect(late.salts()).toBe(1);
    late.hot.record('key');
    expect(late.salts()).toBe(10);
  });

  test('a stream of keys that are new each time makes none of them hot', () => {
    const clock = createManualClock();
    // So few counters that each key looks as if it had a tenth.
    const hot = createHotKeys({ capacity: 10, clock });
    const salter = createSalter({ ring: ringOf(10), hot, enterWeight: 0 });
    for (let i = 0; i < 5_000; i += 1) {
      const key = `hostile-${i}`;
      hot.record(key);
      // Of the first few, each really has a large share.
      if (i < 100) continue;
      expect(salter.keyForWrite(key, { id: 'id' })).toBe(key);
    }
    expect(hot.top(1)[0]?.share).toBeCloseTo(0.1);
    expect(salter.factors()).toEqual({});
  });

  test('keys that were hot once and are never asked for again are forgotten', () => {
    const { clock, hot, salter } = started();
    for (let i = 0; i < 50; i += 1) {
      hot.record(`star-${i}`, 1_000);
      salter.keyForWrite(`star-${i}`);
      clock.advance(20 * halfLifeMs);
    }
    expect(Object.keys(salter.factors())).toEqual(['star-49']);
  });

  test('the set of hot keys does not grow with those that were hot once', () => {
    const asked: string[] = [];
    let now = 'star-0';
    const estimate = (key: string) => {
      asked.push(key);
      const share = key === now ? 0.5 : 0;
      return { key, weight: 1_000, error: 0, share, leastShare: share };
    };
    const options = { headroom: 0.1, enterShare: 0.2, leaveShare: 0.1, enterWeight: 0 };
    const set = createHotSet({ estimate, top: () => [] }, options);
    for (let i = 0; i < 100; i += 1) {
      now = `star-${i}`;
      set.factorOf(now, 10);
    }
    asked.length = 0;
    expect([...set.factors(10)]).toEqual([['star-99', 9]]);
    expect(asked).toEqual(['star-99']);
  });

  test('a hot key that has lost its counter is not hot', () => {
    const clock = createManualClock();
    const hot = createHotKeys({ capacity: 1, clock });
    const salter = createSalter({ ring: ringOf(10), hot });
    hot.record('key', 100);
    expect(writesOf(salter, 'key', 500).size).toBe(10);
    hot.record('other', 1);
    expect(writesOf(salter, 'key', 500).size).toBe(1);
  });

  test('what another process has counted makes a key hot here', () => {
    const { hot, salts, clock } = started();
    const other = createHotKeys({ halfLifeMs, clock });
    other.record('key', 1_000);
    expect(salts()).toBe(1);
    hot.merge('other', other.snapshot());
    expect(salts()).toBe(10);
  });

  test('factors lists what is hot, asked for or not: a table for saltSteps', () => {
    const { hot, salter } = started({ maxSalts: 6 });
    recordShare(hot, 'big', 50);
    hot.record('small', 11_000);
    hot.record('__proto__', 11_000);
    const factors = salter.factors();
    expect(Object.entries(factors).sort()).toEqual([
      ['__proto__', 5],
      ['big', 6],
      ['small', 5],
    ]);
    expect(Object.getPrototypeOf(factors)).toBe(Object.prototype);
  });

  test('factors are no more than nodes, and without a sketch there are none', () => {
    const { hot } = started();
    hot.record('key', 1_000);
    expect(createSalter({ ring: ringOf(3), hot }).factors()).toEqual({ key: 3 });
    expect(createSalter({ ring: ringOf(1), hot }).factors()).toEqual({});
    expect(createSalter({ ring: ringOf(3) }).factors()).toEqual({});
  });
});
