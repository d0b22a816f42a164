import { expect, test } from 'vitest';
import { median, pairedRatio, percentile } from '../src/stats.js';

test('the median of an odd count is the one in the middle, whatever their order', () => {
  expect(median([9, 1, 5])).toBe(5);
});

test('the median of an even count is the mean of the two in the middle', () => {
  expect(median([4, 1, 3, 100])).toBe(3.5);
});

test('numbers are compared as numbers, not as texts', () => {
  expect(median([9, 10, 11])).toBe(10);
});

test('the median of nothing is an error', () => {
  expect(() => median([])).toThrow(RangeError);
});

test('a percentile is one of the numbers: the smallest that enough of them do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([0, 1, 50, 99, 100].map((p) => percentile(hundred, p))).toEqual([1, 1, 50, 99, 100]);
  expect(percentile([3, 1, 2], 50)).toBe(2);
});

test('a paired ratio does not see a machine that is slow for some rounds', () => {
  expect(pairedRatio([200, 2_000, 200, 4_000], [100, 1_000, 100, 2_000])).toBe(2);
});

test('a paired ratio leaves one disturbed round aside', () => {
  expect(pairedRatio([110, 110, 900], [100, 100, 100])).toBeCloseTo(1.1);
});

test('the numbers are left in their order', () => {
  const numbers = [3, 1, 2];
  median(numbers);
  percentile(numbers, 50);
  expect(numbers).toEqual([3, 1, 2]);
});
