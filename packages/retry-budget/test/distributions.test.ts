import { describe, expect, test } from 'vitest';
import {
  additiveJitter,
  type Backoff,
  decorrelatedJitter,
  equalJitter,
  fullJitter,
  seededRandom,
} from '../src/index.js';

const base = { baseMs: 100, maxMs: 2_000 };
const draws = 20_000;

/**
 * The one-sample Kolmogorov–Smirnov distance: how far the share of draws below each value is from
 * what the distribution says. Of n draws it passes 1.95 / √n once in a thousand seeds; these seeds
 * are fixed, so a test that has passed passes again.
 */
function distance(sample: readonly number[], share: (ms: number) => number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((ms, i) => {
      const expected = share(ms);
      return Math.max(expected - i / sorted.length, (i + 1) / sorted.length - expected);
    }),
  );
}

const critical = 1.95 / Math.sqrt(draws);

const even = (from: number, to: number) => (ms: number) =>
  Math.min(1, Math.max(0, (ms - from) / (to - from)));

function sampleOf(backoff: Backoff, n: number, previousMs: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: draws }, () => backoff(n, random, previousMs));
}

describe('4. Backoff distributions are the published ones', () => {
  const cases = [0, 1, 3, 5, 40].map((n) => [n, Math.min(2_000, 100 * 2 ** n)] as const);

  test.each(cases)('fullJitter before retry %d is even from 0 to %d', (n, cap) => {
    const sample = sampleOf(fullJitter(base), n, 0, 1 + n);
    expect(distance(sample, even(0, cap))).toBeLessThan(critical);
  });

  test.each(cases)('equalJitter before retry %d is even from the half of %d to it', (n, cap) => {
    const sample = sampleOf(equalJitter(base), n, 0, 10 + n);
    expect(distance(sample, even(cap / 2, cap))).toBeLessThan(critical);
  });

  test.each(cases)('additiveJitter before retry %d is even from %d to a base more', (n, cap) => {
    const sample = sampleOf(additiveJitter(base), n, 0, 20 + n);
    expect(distance(sample, even(cap, cap + 100))).toBeLessThan(critical);
  });

  test.each([
    [0, 300],
    [100, 300],
    [400, 1_200],
    [666, 1_998],
  ])('decorrelatedJitter after %d ms is even from base to %d', (previousMs, to) => {
    const sample = sampleOf(decorrelatedJitter(base), 1, previousMs, 30 + previousMs);
    expect(distance(sample, even(100, to))).toBeLessThan(critical);
  });

  test('decorrelatedJitter cuts what is above max, and does not fold it back', () => {
    const sample = sampleOf(decorrelatedJitter(base), 1, 2_000, 40);
    // Even from 100 to 6000: 4000 of 5900 are cut to 2000.
    const cut = sample.filter((ms) => ms === 2_000).length / draws;
    expect(cut).toBeGreaterThan(4_000 / 5_900 - 0.02);
    expect(cut).toBeLessThan(4_000 / 5_900 + 0.02);
    const rest = sample.filter((ms) => ms < 2_000);
    expect(distance(rest, even(100, 2_000))).toBeLessThan(1.95 / Math.sqrt(rest.length));
  });

  test('the distance tells a wrong distribution from the right one', () => {
    const sample = sampleOf(fullJitter(base), 3, 0, 50);
    expect(distance(sample, even(0, 850))).toBeGreaterThan(critical);
    expect(distance(sample, even(20, 800))).toBeGreaterThan(critical);
  });
});

describe('seededRandom', () => {
  test('is even from 0 up to 1, each number without regard to the one before', () => {
    const random = seededRandom(60);
    const sample = Array.from({ length: draws }, random);
    expect(distance(sample, even(0, 1))).toBeLessThan(critical);
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...sample)).toBeLessThan(1);
    const steps = sample.slice(1).map((x, i) => (x - (sample[i] as number) + 1) % 1);
    expect(distance(steps, even(0, 1))).toBeLessThan(critical);
  });

  test('gives for a seed the numbers it always gave: a recorded run stays what it was', () => {
    const random = seededRandom(1);
    const found = [random(), random(), random()].map((x) => x * 2 ** 32);
    expect(found).toEqual([2_693_262_067, 11_749_833, 2_265_367_787]);
  });

  test.each([0, -1, 2 ** 53 - 1])('takes %d as a seed', (seed) => {
    expect(seededRandom(seed)()).toBe(seededRandom(seed)());
  });
});
