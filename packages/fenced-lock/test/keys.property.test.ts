import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storedKey, storedText } from '../src/postgres/stored-text.js';
import { leaseKeys, markKey, unplaced } from '../src/redis/place.js';

const lookalikes = ['{', '}', ':', '%', 'lease:', 'fence', 'mark:', 'far:', 'default', 'a', '%7D'];

/** Texts as users write them, and texts made to look like a part of a key. */
const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('{', '}', '%', ':', 'a'), minLength: 1, maxLength: 12 }),
  fc
    .array(fc.constantFrom(...lookalikes), { minLength: 1, maxLength: 8 })
    .map((parts) => parts.join('')),
  fc.constantFrom('__proto__', 'constructor', '\u0000', '\\0', '\\', 'a\u0000', '\\#'),
);

/** What a key of Redis stands for. */
interface Thing {
  readonly kind: 'lease' | 'counter' | 'mark';
  readonly namespace: string;
  /** The key of a lease, or the name of a mark. */
  readonly text: string;
}

const anyThing: fc.Arbitrary<Thing> = fc.record({
  kind: fc.constantFrom('lease', 'counter', 'mark'),
  namespace: anyText,
  text: anyText,
});

function keyOf({ kind, namespace, text }: Thing): string {
  const keys = leaseKeys('test', 'fenced-lock', namespace);
  if (kind === 'lease') return keys.lease + text;
  if (kind === 'counter') return keys.counter;
  return markKey('fenced-lock', namespace, text) ?? unplaced('fenced-lock', namespace, text);
}

/** What tells things apart: a namespace has one counter. */
function identity({ kind, namespace, text }: Thing): string {
  return JSON.stringify(kind === 'counter' ? [kind, namespace] : [kind, namespace, text]);
}

/** What a cluster hashes of a key, by the words of its specification. */
function hashed(key: string): string {
  const tag = /^[^{]*\{([^}]*)\}/.exec(key)?.[1];
  return tag === undefined || tag === '' ? key : tag;
}

describe('10. Keys of any text', () => {
  test('different leases, counters and marks have different keys on Redis', () => {
    fc.assert(
      fc.property(anyThing, anyThing, (one, other) => {
        const same = identity(one) === identity(other);
        expect(keyOf(one) === keyOf(other)).toBe(same);
      }),
      { numRuns: 20_000 },
    );
  });

  test('of a few texts put together anyhow, too', () => {
    const few = fc.array(fc.constantFrom('a', ':', '%3A', '{', '}', '{a}'), {
      minLength: 1,
      maxLength: 3,
    });
    const text = few.map((parts) => parts.join(''));
    const thing = fc.record({
      kind: fc.constantFrom<Thing['kind']>('lease', 'counter', 'mark'),
      namespace: fc.oneof(text, fc.constantFrom('a', 'a:a', 'a%3Aa')),
      text: fc.oneof(
        fc.constantFrom('fence', 'lease:a', 'mark:a:a', '{a}', 'a:{a}'),
        fc.tuple(fc.constantFrom('', 'a:', 'lease:'), text).map((parts) => parts.join('')),
      ),
    });
    fc.assert(
      fc.property(fc.array(thing, { minLength: 40, maxLength: 40 }), (things) => {
        const ids = new Set(things.map(identity));
        expect(new Set(things.map(keyOf)).size).toBe(ids.size);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a lease shares its slot with the counter of its namespace, whatever its text', () => {
    fc.assert(
      fc.property(anyText, anyText, (namespace, key) => {
        const { lease, counter } = leaseKeys('test', 'fenced-lock', namespace);
        expect(hashed(lease + key)).toBe(hashed(counter));
      }),
    );
  });

  test('a mark shares its slot with its name, or has no place beside it', () => {
    fc.assert(
      fc.property(anyText, anyText, (namespace, name) => {
        const key = markKey('fenced-lock', namespace, name);
        if (key !== undefined) expect(hashed(key)).toBe(hashed(name));
        // What a cluster hashes whole cannot be put between braces when it has one that shuts.
        else expect(hashed(name) === name && name.includes('}')).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test('different texts stay different on PostgreSQL, and hold no NUL', async () => {
    // They begin alike, and are of one length.
    const long = fc
      .tuple(fc.constantFrom('a', '\u3042', '\\'), anyText)
      .map(([start, end]) => start.repeat(1_024 - end.length) + end);
    const any = fc.oneof(anyText, long);
    await fc.assert(
      fc.asyncProperty(any, any, async (one, other) => {
        const [first, second] = [await storedKey(one), await storedKey(other)];
        expect(first === second).toBe(one === other);
        expect(first).not.toContain('\u0000');
        // A B-tree takes 2 704 bytes, of which a namespace may have 192.
        expect(Buffer.byteLength(first)).toBeLessThanOrEqual(2_400);
        expect(storedText(one) === storedText(other)).toBe(one === other);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a key of up to 800 characters is itself on PostgreSQL, but for a backslash and a NUL', async () => {
    expect(await storedKey('a'.repeat(800))).toBe('a'.repeat(800));
    expect(await storedKey("é {k}: 'q' %")).toBe("é {k}: 'q' %");
    expect(await storedKey('\\ and \u0000')).toBe('\\\\ and \\0');
    expect(await storedKey('a'.repeat(801))).toMatch(/^\\#[0-9a-f]{64}$/);
  });
});
