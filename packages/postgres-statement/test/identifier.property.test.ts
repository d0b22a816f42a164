import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteText } from '../src/identifier.js';
import { defineStatement, quoteIdentifier, requireSchema } from '../src/index.js';
import { sharedLite } from './clients.js';

const lite = sharedLite();

/** Texts as users write them, and texts made to break out of quotes. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 15 }),
  fc.string({ unit: fc.constantFrom('"', "'", '$', 'q', '0', '1', '\\', ';', '%', '-') }),
);

function fits(text: string): boolean {
  return text !== '' && new TextEncoder().encode(text).length <= 63 && !text.includes('\0');
}

describe('a quoted identifier', () => {
  test('stands for the very text', async () => {
    await fc.assert(
      fc.asyncProperty(anyText.filter(fits), async (text) => {
        const { run } = defineStatement({
          name: 'one',
          text: `SELECT 1 AS ${quoteIdentifier(text)}`,
        });
        expect(await run(lite(), { timeoutMs: 20_000 })).toEqual([{ [text]: 1 }]);
      }),
    );
  });

  test('is refused where PostgreSQL would cut it off or cannot hold it', () => {
    for (const text of ['', 'a'.repeat(64), 'ä'.repeat(32), 'a\0b', '\ud800']) {
      expect(() => quoteIdentifier(text)).toThrow(RangeError);
      expect(() => quoteIdentifier(text)).toThrow('quoteIdentifier: text must be 1 to 63 bytes');
    }
    expect(quoteIdentifier('ä'.repeat(31))).toHaveLength(33);
  });
});

test('a quoted text stands for itself, inside another one too', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const inner = `SELECT ${quoteText(text)} AS text`;
      const { run } = defineStatement({
        name: 'texts',
        text: `SELECT ${quoteText(text)} AS text, ${quoteText(inner)} AS inner`,
      });
      fc.pre(!text.includes('\0'));
      expect(await run(lite(), { timeoutMs: 20_000 })).toEqual([{ text, inner }]);
    }),
    // Each ends with a part of a tag, or holds a whole one.
    { examples: [['$q0'], ['$'], ['$q0$'], ['$q0$q1'], ['$q0$$q1$ $q2']] },
  );
});

describe('a schema', () => {
  test('is a plain name, which means the same quoted and not', async () => {
    const plain = fc.stringMatching(/^[a-z_][a-z0-9_]{0,62}$/).filter((name) => !/^pg_/.test(name));
    fc.assert(
      fc.property(plain, (name) => {
        expect(requireSchema('fn', name)).toBe(name);
        expect(quoteIdentifier(name)).toBe(`"${name}"`);
      }),
    );
  });

  test.each(['', 'A', 'aB', '1a', 'a-b', 'a b', 'a"', 'é', 'pg_', 'pg_x', 'a\n', 'a'.repeat(64)])(
    'is not %j',
    (name) => {
      expect(() => requireSchema('fn', name)).toThrow(RangeError);
      expect(() => requireSchema('fn', name)).toThrow('fn: schema must');
    },
  );

  test.each([undefined, null, 7, ['a']])('is a text, and not %j', (name) => {
    expect(() => requireSchema('fn', name)).toThrow(TypeError);
  });
});
