import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fractionOf, greatestDivisor } from '../src/budget/fraction.js';

describe('fractionOf', () => {
  test('finds the fraction that was written, in lowest terms, for any p/q with q below 2^26', () => {
    const anyPart = fc.integer({ min: 1, max: 2 ** 26 - 1 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 26 }), anyPart, (p, q) => {
        const divisor = greatestDivisor(p, q);
        expect(fractionOf(p / q)).toEqual({ numerator: p / divisor, denominator: q / divisor });
      }),
    );
  });

  test('is the same double, for any number that a budget takes', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
        const { numerator, denominator } = fractionOf(value);
        expect(numerator / denominator).toBe(value);
      }),
    );
  });

  test('finds decimals as they are written', () => {
    const decimals = [0, 1, 0.1, 0.75, 0.999, 0.0001, 2.5, 500 / 14, 5 / 14];
    const found = decimals.map(fractionOf).map((f) => `${f.numerator}/${f.denominator}`);
    const written = ['0/1', '1/1', '1/10', '3/4', '999/1000', '1/10000', '5/2', '250/7', '5/14'];
    expect(found).toEqual(written);
  });
});
