import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeInteger } from '../src/index.js';

describe('a bigint of a column', () => {
  test('is the same integer in each form that clients give it', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (integer) => {
        for (const form of [integer, String(integer), BigInt(integer)]) {
          expect(safeInteger(form)).toBe(integer);
        }
      }),
      { examples: [[0], [Number.MAX_SAFE_INTEGER], [Number.MIN_SAFE_INTEGER]] },
    );
  });

  test('that a number cannot hold is refused, never rounded', () => {
    const most = BigInt(Number.MAX_SAFE_INTEGER);
    const beyond = fc.bigInt({ min: most + 1n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(beyond, fc.boolean(), (magnitude, negative) => {
        const integer = negative ? -magnitude : magnitude;
        for (const form of [integer, String(integer), Number(integer)]) {
          expect(() => safeInteger(form)).toThrow(RangeError);
        }
      }),
      {
        examples: [
          [most + 1n, false],
          [2n ** 63n - 1n, false],
        ],
      },
    );
  });

  test.each([
    undefined,
    null,
    '',
    ' 1',
    '1.0',
    '1e3',
    '0x1',
    'one',
    1.5,
    Number.NaN,
    Infinity,
    true,
    {},
    [],
  ])('is not %j', (value) => {
    expect(() => safeInteger(value)).toThrow(TypeError);
    expect(() => safeInteger(value)).toThrow('safeInteger: value must be an integer');
  });
});
