import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combine } from '../src/salting.js';

const salts = 4;
const part = fc.record({
  salt: fc.nat(salts - 1),
  seq: fc.nat(5),
  value: fc.integer({ min: -100, max: 100 }).map((n) => n / 10),
});
/** As parts are: a batch that comes again is the same batch. */
const parts = fc.uniqueArray(part, { selector: ({ salt, seq }) => `${salt} ${seq}` });
const sum = (a: number, b: number) => a + b;

describe('combine', () => {
  test('parts that come again, and in any order, give the very same value', () => {
    const arrivals = parts.chain((once) =>
      fc.tuple(
        fc.constant(once),
        fc.subarray(once).chain((again) => {
          return fc.shuffledSubarray([...once, ...again], {
            minLength: once.length + again.length,
          });
        }),
      ),
    );
    fc.assert(
      fc.property(arrivals, ([once, arrived]) => {
        expect(combine(arrived, sum, { salts })).toEqual(combine(once, sum, { salts }));
      }),
    );
  });

  test('it is complete exactly when there is a part of every salt, and says which are missing', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const { complete, missing, value } = combine(all, sum, { salts });
        const there = new Set(all.map(({ salt }) => salt));
        expect(missing).toEqual([0, 1, 2, 3].filter((salt) => !there.has(salt)));
        expect(complete).toBe(there.size === salts);
        expect(value === undefined).toBe(all.length === 0);
      }),
    );
  });

  test('the value is that of all parts, merged in the order of salt and batch', () => {
    const text = [
      { salt: 1, seq: 10, value: 'd' },
      { salt: 0, seq: 2, value: 'b' },
      { salt: 1, seq: 9, value: 'c' },
      { salt: 0, seq: 0, value: 'a' },
    ];
    const join = (a: string, b: string) => a + b;
    expect(combine(text, join, { salts: 2 })).toEqual({
      value: 'abcd',
      complete: true,
      missing: [],
    });
  });

  test('a (salt, seq) that comes again counts once: the first that came', () => {
    const parts = [
      { salt: 0, seq: 1, value: 5 },
      { salt: 1, seq: 1, value: 7 },
      { salt: 0, seq: 1, value: 1_000 },
    ];
    expect(combine(parts, sum, { salts: 2 }).value).toBe(12);
  });

  test('a value that is undefined counts like any other', () => {
    const seen: unknown[] = [];
    const merge = (a: undefined, b: undefined) => void seen.push([a, b]);
    const parts = [0, 1].map((salt) => ({ salt, seq: 0, value: undefined }));
    expect(combine(parts, merge as never, { salts: 2 }).complete).toBe(true);
    expect(seen).toHaveLength(1);
  });

  test('takes any iterable, and of nothing makes nothing', () => {
    function* one() {
      yield { salt: 0, seq: 0, value: 3 };
    }
    expect(combine(one(), sum, { salts: 1 })).toEqual({ value: 3, complete: true, missing: [] });
    expect(combine([], sum, { salts: 2 })).toEqual({
      value: undefined,
      complete: false,
      missing: [0, 1],
    });
  });

  test('refuses a salt that nobody reads, a bad batch, and what is no merge', () => {
    const of = (salt: unknown, seq: unknown) => [{ salt, seq, value: 1 }] as never;
    for (const salt of [-1, 2, 0.5]) {
      expect(() => combine(of(salt, 0), sum, { salts: 2 })).toThrow(RangeError);
    }
    expect(() => combine(of('0', 0), sum, { salts: 2 })).toThrow(TypeError);
    for (const seq of [-1, 0.5, Number.NaN]) {
      expect(() => combine(of(0, seq), sum, { salts: 2 })).toThrow(/^combine: seq must be/);
    }
    for (const bad of [0, -1, 1.5]) {
      expect(() => combine([], sum, { salts: bad })).toThrow(/^combine: salts must be/);
    }
    expect(() => combine([], 'sum' as never, { salts: 1 })).toThrow(TypeError);
  });
});
