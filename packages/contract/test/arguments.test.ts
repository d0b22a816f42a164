import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requireInteger, requireKey, requireNumber, requireOneOf, show } from '../src/index.js';

/** What a call threw: its class and its message. */
function thrownBy(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}

describe('show', () => {
  test.each([
    ['a text', 'a"b\n', '"a\\"b\\n"'],
    ['a number', 1.5, '1.5'],
    ['NaN', Number.NaN, 'NaN'],
    ['a bigint', 5n, '5n'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a boolean', true, 'true'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['an array', [1], 'an array'],
    ['an object', { a: 1 }, 'an object'],
    ['an object without a prototype', Object.create(null), 'an object'],
    ['a function', () => 1, 'a function'],
  ])('tells %s apart from its look-alikes', (_, value, shown) => {
    expect(show(value)).toBe(shown);
  });

  test('cuts a long text after 40 characters', () => {
    expect(show('x'.repeat(40))).toBe(`"${'x'.repeat(40)}"`);
    expect(show('x'.repeat(41))).toBe(`"${'x'.repeat(40)}…"`);
  });

  test('is short and on one line, whatever it shows', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const shown = show(value);
        expect(shown.length).toBeLessThan(300);
        expect(shown).not.toMatch(/[\n\r]/);
      }),
    );
  });
});

describe('requireNumber', () => {
  const check = (value: unknown, range: { min?: number; max?: number }) => () =>
    requireNumber('fn', 'arg', value, range);

  test('returns what lies within the range, both ends included', () => {
    for (const value of [-2, 0.5, 3]) expect(check(value, { min: -2, max: 3 })()).toBe(value);
    for (const value of [-Infinity, 0, Infinity]) expect(check(value, {})()).toBe(value);
  });

  test.each([
    ['5', {}, 'TypeError: fn: arg must be a number, got "5"'],
    [null, {}, 'TypeError: fn: arg must be a number, got null'],
    [5n, { min: 1 }, 'TypeError: fn: arg must be a number of at least 1, got 5n'],
    [Number.NaN, {}, 'RangeError: fn: arg must be a number, got NaN'],
    [0.9, { min: 1 }, 'RangeError: fn: arg must be a number of at least 1, got 0.9'],
    [3.1, { max: 3 }, 'RangeError: fn: arg must be a number up to 3, got 3.1'],
    [4, { min: 1, max: 3 }, 'RangeError: fn: arg must be a number from 1 to 3, got 4'],
    [
      Infinity,
      { max: Number.MAX_VALUE },
      'RangeError: fn: arg must be a finite number, got Infinity',
    ],
  ])('refuses %s in %o', (value, range, message) => {
    expect(thrownBy(check(value, range))).toBe(message);
  });
});

describe('requireInteger', () => {
  const check = (value: unknown, range: { min?: number; max?: number }) => () =>
    requireInteger('fn', 'arg', value, range);

  test('returns what lies within the range, both ends included', () => {
    for (const value of [-2, 0, 3]) expect(check(value, { min: -2, max: 3 })()).toBe(value);
    expect(check(Number.MAX_SAFE_INTEGER, {})()).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    ['5', {}, 'TypeError: fn: arg must be an integer, got "5"'],
    [5n, {}, 'TypeError: fn: arg must be an integer, got 5n'],
    [undefined, { min: 0 }, 'TypeError: fn: arg must be an integer of at least 0, got undefined'],
    [0.5, {}, 'RangeError: fn: arg must be an integer, got 0.5'],
    [Number.NaN, {}, 'RangeError: fn: arg must be an integer, got NaN'],
    [Infinity, {}, 'RangeError: fn: arg must be an integer, got Infinity'],
    [2 ** 53, {}, 'RangeError: fn: arg must be an integer, got 9007199254740992'],
    [
      2 ** 53,
      { max: 2 ** 60 },
      'RangeError: fn: arg must be an integer up to 1152921504606847000, got 9007199254740992',
    ],
    [-1, { min: 0 }, 'RangeError: fn: arg must be an integer of at least 0, got -1'],
    [17, { min: 1, max: 16 }, 'RangeError: fn: arg must be an integer from 1 to 16, got 17'],
  ])('refuses %s in %o', (value, range, message) => {
    expect(thrownBy(check(value, range))).toBe(message);
  });
});

describe('requireKey', () => {
  const check = (value: unknown, maxLength?: number) => () =>
    requireKey('fn', 'arg', value, maxLength);

  test('returns any text of 1 to 1 024 characters, or to the length that is given', () => {
    for (const text of [' ', '__proto__', '\u0000', 'x'.repeat(1_024)]) {
      expect(check(text)()).toBe(text);
    }
    expect(check('abc', 3)()).toBe('abc');
  });

  test.each([
    [1, undefined, 'TypeError: fn: arg must be a string, got 1'],
    [{}, undefined, 'TypeError: fn: arg must be a string, got an object'],
    ['', undefined, 'RangeError: fn: arg must have 1 to 1024 characters, got ""'],
    ['abcd', 3, 'RangeError: fn: arg must have 1 to 3 characters, got "abcd"'],
    [
      'x'.repeat(1_025),
      undefined,
      `RangeError: fn: arg must have 1 to 1024 characters, got "${'x'.repeat(40)}…"`,
    ],
  ])('refuses %o', (value, maxLength, message) => {
    expect(thrownBy(check(value, maxLength))).toBe(message);
  });
});

describe('requireOneOf', () => {
  test('returns the choice', () => {
    expect(requireOneOf('fn', 'arg', 'b', ['a', 'b'])).toBe('b');
    expect(requireOneOf('fn', 'arg', Number.NaN, [1, Number.NaN])).toBeNaN();
  });

  test('refuses all others, and names the choices', () => {
    expect(thrownBy(() => requireOneOf('fn', 'arg', 'c', ['a', 'b', null]))).toBe(
      'RangeError: fn: arg must be "a", "b" or null, got "c"',
    );
  });
});
