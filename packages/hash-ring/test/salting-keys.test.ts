import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinSalt, requirePlainKey, splitSalt } from '../src/salting/salted-key.js';
import { createSalter } from '../src/salting.js';
import { ringOf } from './salting-fixtures.js';

const separators = fc.constantFrom('#', '##', ':', '::', '-', '#-', ':#:');
/** Keys of what is dangerous: separators and digits, in any order. */
const keys = fc.string({ unit: fc.constantFrom('#', ':', '-', '0', '9', 'a'), minLength: 1 });

const isPlain = (key: string, separator: string) => {
  try {
    return requirePlainKey('fn', 'key', key, separator) === key;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

const verbs = [
  'keyForWrite',
  'keysForRead',
  'keysForReplicatedWrite',
  'keyForReplicatedRead',
] as const;

describe('8. Salts land on the distinct ranked nodes of the key', () => {
  test('salt 0 is the plain key, and no two keys and salts have the same text', () => {
    fc.assert(
      fc.property(keys, keys, separators, fc.nat(99), fc.nat(99), (a, b, separator, i, j) => {
        fc.pre(isPlain(a, separator) && isPlain(b, separator));
        expect(joinSalt(a, separator, 0)).toBe(a);
        expect(splitSalt('fn', joinSalt(a, separator, i), { separator, maxSalts: 100 })).toEqual({
          key: a,
          salt: i,
        });
        const same = joinSalt(a, separator, i) === joinSalt(b, separator, j);
        expect(same).toBe(a === b && i === j);
      }),
    );
  });

  test('a key is plain exactly when it does not end in the separator and digits', () => {
    fc.assert(
      fc.property(keys, separators, (key, separator) => {
        const quoted = separator.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
        expect(isPlain(key, separator)).toBe(!new RegExp(`${quoted}[0-9]+$`).test(key));
      }),
    );
  });

  test.each(verbs)('%s refuses a key that looks salted, and names it', (verb) => {
    const salter = createSalter({ ring: ringOf(3) });
    for (const key of ['order#7', 'order#0', 'order#007', '#1', 'a#b#12']) {
      expect(() => salter[verb](key)).toThrow(RangeError);
    }
    expect(() => salter[verb]('order#7')).toThrow(
      `${verb}: key must not end in the separator "#" and digits, as salted keys do, got "order#7"`,
    );
    for (const key of ['order#', 'order7', '#', '7', 'a#1b', 'a#1#', 'a#١']) {
      expect(() => salter[verb](key)).not.toThrow();
    }
    expect(() => salter.diff(ringOf(3), 'order#7')).toThrow(/^diff: key must not end/);
  });

  test('with another separator, another key is refused', () => {
    const salter = createSalter({ ring: ringOf(3), separator: '::' });
    expect(salter.keysForRead('order#7').slice(0, 2)).toEqual(['order#7', 'order#7::1']);
    expect(() => salter.keyForWrite('order::7')).toThrow(RangeError);
    expect(salter.keysForRead('order:').slice(0, 2)).toEqual(['order:', 'order:::1']);
    expect(salter.nodeFor('order:::1')).toBe(ringOf(3).nodesFor('order:', 2)[1]);
  });

  test('nodeFor refuses what no salter has made', () => {
    const salter = createSalter({ ring: ringOf(3), maxSalts: 4 });
    for (const key of ['a#0', 'a#03', 'a#4', 'a#99999999999999999999', '#1', 'a#1#2']) {
      expect(() => salter.nodeFor(key)).toThrow(RangeError);
    }
    expect(() => salter.nodeFor('a#4')).toThrow(
      'nodeFor: saltedKey must end in a salt from 1 to 3, got "a#4"',
    );
    expect(() => salter.nodeFor('')).toThrow(RangeError);
    expect(() => salter.nodeFor(7 as never)).toThrow(TypeError);
  });

  test('the longest key has salts, too', () => {
    const key = 'x'.repeat(1_024);
    const salter = createSalter({ ring: ringOf(3) });
    for (const salted of salter.keysForRead(key)) expect(salter.nodeFor(salted)).toBeDefined();
    expect(() => salter.keysForRead(`${key}x`)).toThrow(RangeError);
  });
});
