import { describe, expect, test } from 'vitest';
import { createHashRing, type HashRing } from '../src/index.js';
import { gammaQuantile } from './gamma.js';

/** Rings of their own points: one for each seed, the same in every run. */
function rings(nodes: number, vnodes: number): HashRing[] {
  const ids = Array.from({ length: nodes }, (_, i) => `node-${i}`);
  return Array.from({ length: 20 }, (_, seed) => createHashRing(ids, { vnodes, seed }));
}

/** What each node owns, as a multiple of what its weight asks for. */
function loads(ring: HashRing): number[] {
  return ring.balance().nodes.map(({ actual, expected }) => actual / expected);
}

function deviation(numbers: readonly number[]): number {
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const squares = numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return Math.sqrt(squares / (numbers.length - 1)) / mean;
}

describe('4. Balance is the one that theory gives, and balance() tells it', () => {
  test('the quantiles of these tests are those of the tables of chi-squared', () => {
    // Gamma(k / 2) of mean 1 is chi-squared of k degrees, divided by k (NIST handbook, 1.3.6.7.4).
    expect(gammaQuantile(5, 0.95) * 10).toBeCloseTo(18.307, 3);
    expect(gammaQuantile(5, 0.999) * 10).toBeCloseTo(29.588, 3);
    expect(gammaQuantile(50, 0.99) * 100).toBeCloseTo(135.807, 3);
    expect(gammaQuantile(50, 0.01) * 100).toBeCloseTo(70.065, 3);
  });

  test.each([40, 160, 1_000])('at %d vnodes shares vary as Gamma(V, 1/V) does', (vnodes) => {
    const nodes = 50;
    // Of a fixed circle, V of nV points: the coefficient of variation of Beta(V, (n − 1) V).
    const expected = Math.sqrt((nodes - 1) / (nodes * vnodes + 1));
    const all = rings(nodes, vnodes).flatMap(loads);
    // The estimate of a deviation from 1 000 shares varies by 1 / √2 000; this is five of those.
    expect(deviation(all) / expected).toBeGreaterThan(1 - 5 / Math.sqrt(2_000));
    expect(deviation(all) / expected).toBeLessThan(1 + 5 / Math.sqrt(2_000));
  });

  test.each([
    [40, 10],
    [40, 100],
    [160, 10],
    [160, 100],
    [1_000, 10],
    [1_000, 100],
  ])('at %d vnodes the shares of %d nodes stay in the band of 1 − 0.001/n', (vnodes, nodes) => {
    const [lowest, highest] = [0.001 / nodes, 1 - 0.001 / nodes].map((chance) =>
      gammaQuantile(vnodes, chance),
    ) as [number, number];
    const outside = rings(nodes, vnodes).filter((ring) => {
      const all = loads(ring);
      expect(ring.balance().peakToMean).toBe(Math.max(...all));
      return Math.max(...all) > highest || Math.min(...all) < lowest;
    });
    // Of 20 rings 0.04 are outside on either side; that two are has a chance of a thousandth.
    expect(outside.length).toBeLessThan(2);
    expect(outside.map(({ seed }) => seed)).not.toContain(0);
  });

  test('real keys go where the circle says, within what chance allows', () => {
    const ring = createHashRing(['a', 'b', { id: 'c', weight: 3 }]);
    const keys = 60_000;
    const counts = new Map<string | undefined, number>();
    for (let i = 0; i < keys; i += 1) {
      const node = ring.nodeFor(`user:${i}`);
      counts.set(node, (counts.get(node) ?? 0) + 1);
    }
    for (const { id, actual } of ring.balance().nodes) {
      const sigma = Math.sqrt(keys * actual * (1 - actual));
      expect(Math.abs((counts.get(id) as number) - keys * actual)).toBeLessThan(5 * sigma);
    }
  });

  test('shares add up to the circle, and follow the weights', () => {
    const ring = createHashRing(
      [{ id: 'a' }, { id: 'b', weight: 3 }, { id: 'c', weight: 0 }, { id: 'd', weight: 0.5 }],
      { vnodes: 2_000 },
    );
    const { nodes, peakToMean, advice } = ring.balance();
    expect(nodes.map(({ id, expected }) => [id, expected])).toEqual([
      ['a', 1 / 4.5],
      ['b', 3 / 4.5],
      ['c', 0],
      ['d', 0.5 / 4.5],
    ]);
    expect(nodes.reduce((sum, { actual }) => sum + actual, 0)).toBe(1);
    expect(nodes[2]?.actual).toBe(0);
    for (const { actual, expected } of nodes)
      expect(Math.abs(actual - expected)).toBeLessThan(0.02);
    expect(peakToMean).toBeGreaterThanOrEqual(1);
    expect(advice).toEqual([]);
  });
});

describe('4. Balance is the one that theory gives, and advice says what to do', () => {
  test('a peak above 1.25 names the node, and vnodes that would do', () => {
    const ids = Array.from({ length: 20 }, (_, i) => `n${i}`);
    const ring = createHashRing(ids, { vnodes: 10 });
    const { advice, peakToMean } = ring.balance();
    expect(peakToMean).toBeGreaterThan(1.25);
    expect(advice).toHaveLength(1);
    expect(advice[0]).toMatch(
      /^"n\d+" owns \d\.\d\d times what its weight asks for: raise vnodes from 10 to 96, or bound/,
    );
    expect(createHashRing(ids, { vnodes: 960 }).balance().advice).toEqual([]);
  });

  test('where vnodes should have done, twice as many are advised', () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => seed);
    const unlucky = seeds
      .map((seed) => createHashRing(['a', 'b', 'c'], { vnodes: 40, seed }).balance())
      .find(({ peakToMean }) => peakToMean > 1.25);
    expect(unlucky?.advice[0]).toContain('raise vnodes from 40 to 80');
  });

  test('a weight that its points cannot express is named', () => {
    const ring = createHashRing(
      [{ id: 'tiny', weight: 0.001 }, { id: 'odd', weight: 0.0157 }, 'a'],
      { vnodes: 100 },
    );
    expect(ring.balance().advice.slice(-2)).toEqual([
      '"odd" has 2 points where its weight asks for 1.57: scale all weights up, or raise vnodes.',
      '"tiny" has 1 points where its weight asks for 0.1: scale all weights up, or raise vnodes.',
    ]);
  });

  test('pins that are ignored are named', () => {
    const nodes = ['a', { id: 'b', weight: 0 }];
    const one = createHashRing(nodes, { pins: { k: 'absent', fine: 'a' } }).balance().advice;
    expect(one).toEqual(['The pin of "k" to "absent" is ignored: no such node owns keys.']);
    const two = createHashRing(nodes, { pins: { k: 'absent', l: 'b' } }).balance().advice;
    expect(two[0]).toBe(
      'The pin of "k" to "absent" and 1 more is ignored: no such node owns keys.',
    );
  });

  test('a ring that nobody is on says so, and its peak is 0', () => {
    const drained = createHashRing([{ id: 'a', weight: 0 }]).balance();
    expect(drained).toEqual({
      nodes: [{ id: 'a', expected: 0, actual: 0 }],
      peakToMean: 0,
      advice: ['No node has a weight above 0: every key is answered with undefined.'],
    });
    expect(createHashRing([]).balance().nodes).toEqual([]);
  });
});
