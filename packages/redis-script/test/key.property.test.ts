import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeKeyPart, hashTag, requireKeyPrefix } from '../src/index.js';

/** Texts as users write them, and texts made to break out of a hash tag. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('{', '}', '%', '2', '5', '7', 'B', 'D', 'a') }),
);

describe('text inside a hash tag', () => {
  test('different texts stay different', () => {
    const unescaped: Record<string, string> = { '%25': '%', '%7B': '{', '%7D': '}' };
    fc.assert(
      fc.property(anyText, (text) => {
        // What can be read back cannot have become another's.
        const back = escapeKeyPart(text).replace(/%(25|7B|7D)/g, (sign) => unescaped[sign] ?? '');
        expect(back).toBe(text);
      }),
      { numRuns: 5_000 },
    );
  });

  test('no brace is left of any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeKeyPart(text)).not.toMatch(/[{}]/);
        expect(hashTag(text)).toBe(`{${escapeKeyPart(text)}}`);
      }),
    );
  });

  test('text without braces and percent signs stays as it is', () => {
    for (const text of ['user:42', '__proto__', 'é', ' ', '\u0000', '🔥', '']) {
      expect(escapeKeyPart(text)).toBe(text);
    }
    expect(escapeKeyPart('%7B{}')).toBe('%257B%7B%7D');
  });

  test('a lone surrogate, which UTF-8 cannot carry, is refused', () => {
    for (const text of ['\ud800', 'a\udfffb', '\udd25\ud83d']) {
      expect(() => escapeKeyPart(text)).toThrow(RangeError);
      expect(() => hashTag(text)).toThrow('escapeKeyPart: text must be well-formed Unicode');
    }
  });
});

describe('a key prefix', () => {
  test('of 1 to 256 characters without braces is returned', () => {
    for (const prefix of ['a', 'app:%:é', 'x'.repeat(256)]) {
      expect(requireKeyPrefix('fn', prefix)).toBe(prefix);
    }
  });

  test.each(['{a}', 'a{', '}', '\ud800', '', 'x'.repeat(257)])('%j is refused', (prefix) => {
    expect(() => requireKeyPrefix('fn', prefix)).toThrow(RangeError);
  });

  test.each([undefined, null, 7, ['a']])('%j is no text, and refused', (prefix) => {
    expect(() => requireKeyPrefix('fn', prefix)).toThrow(TypeError);
    expect(() => requireKeyPrefix('fn', prefix)).toThrow('fn: keyPrefix must be a string');
  });
});
