import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSalter, saltFactor } from '../src/salting.js';
import {
  createStillHotKeys,
  evenChances,
  recordShare,
  ringOf,
  writesOf,
} from './salting-fixtures.js';

const percents = {
  share: fc.integer({ min: 1, max: 100 }),
  headroom: fc.integer({ max: 90, min: 1 }),
};
const nodeCounts = fc.integer({ min: 1, max: 60 });

describe('8. Salts land on the distinct ranked nodes of the key', () => {
  test('with the salt factor the hottest node is within the headroom, and with one less not', () => {
    fc.assert(
      fc.property(percents.share, percents.headroom, nodeCounts, (share, headroom, nodes) => {
        const salts = saltFactor({ share: share / 100, nodes, headroom: headroom / 100 });
        // In integers: share/S + (100 − share)/n ≤ (100 + headroom)/n, in percents times S·n.
        const isWithin = (s: number) => share * nodes + (100 - share) * s <= (100 + headroom) * s;
        expect(isWithin(salts)).toBe(true);
        if (salts > 1) expect(isWithin(salts - 1)).toBe(false);
        expect(salts).toBeLessThanOrEqual(nodes);
      }),
    );
  });

  test('counted: the hottest node carries no more than the mean and the headroom', () => {
    const nodes = 10;
    const ring = ringOf(nodes);
    for (const percent of [10, 30, 50, 90]) {
      const hot = createStillHotKeys(2_000);
      recordShare(hot, 'celebrity', percent);
      // As many writes as any number of salts divides.
      const writes = 2_520;
      const salter = createSalter({ ring, hot, headroom: 0.1, random: evenChances(writes) });
      const mean = (writes * 100) / percent / nodes;
      const ofOthers = mean * (1 - percent / 100);
      const loads = [...writesOf(salter, 'celebrity', writes)].map(([, own]) => own + ofOthers);
      expect(Math.max(...loads)).toBeLessThanOrEqual(1.1 * mean * (1 + 1e-9));
    }
  });
});

describe('saltFactor', () => {
  test.each([
    [0, 10, 0.1, 1],
    [0.01, 10, 0.1, 1],
    [0.02, 10, 0.1, 2],
    [0.3, 10, 0.1, 8],
    [0.5, 10, 0.1, 9],
    [1, 10, 0.1, 10],
    [1, 10, 0, 10],
    [0.001, 10, 0, 10],
    [1, 1, 0.1, 1],
    [0.5, 10, 100, 1],
    // In floating point, these come out a little above the integer that they are.
    [0.27, 4, 0.09, 3],
    [0.54, 4, 0.18, 3],
    [0.14, 5, 0.21, 2],
  ])('of a share of %f on %i nodes with headroom %f is %i', (share, nodes, headroom, salts) => {
    expect(saltFactor({ share, nodes, headroom })).toBe(salts);
  });

  test('refuses figures that are none', () => {
    const good = { share: 0.5, nodes: 10, headroom: 0.1 };
    const bad: [keyof typeof good, number[]][] = [
      ['share', [-0.1, 1.1, Number.NaN]],
      ['nodes', [0, -1, 1.5, Number.POSITIVE_INFINITY]],
      ['headroom', [-0.1, Number.NaN, Number.POSITIVE_INFINITY]],
    ];
    for (const [name, values] of bad) {
      for (const value of values) {
        expect(() => saltFactor({ ...good, [name]: value })).toThrow(RangeError);
        expect(() => saltFactor({ ...good, [name]: value })).toThrow(`saltFactor: ${name} must be`);
      }
      expect(() => saltFactor({ ...good, [name]: '1' })).toThrow(TypeError);
    }
  });
});
