import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertAdjacent, type SaltConfig, saltSteps } from '../src/salting.js';

const at = (version: number, readSalts: SaltConfig['readSalts'], writeSalts = readSalts) => {
  return { version, readSalts, writeSalts };
};

const tables = fc.dictionary(
  fc.constantFrom('a', 'b', '__proto__'),
  fc.integer({ min: 1, max: 4 }),
);
const numbers = fc.integer({ min: 1, max: 9 });
const modes = fc.constantFrom('salted', 'replicated');

describe('9. Changing the salt factor under load loses no read', () => {
  test('salted writes widen readers first, then writers', () => {
    expect(saltSteps(1, 8)).toEqual([at(0, 1), at(1, 8, 1), at(2, 8)]);
  });

  test('salted writes shrink writers first, drain, then readers', () => {
    expect(saltSteps(8, 2)).toEqual([at(0, 8), { ...at(1, 8, 2), afterwards: 'drain' }, at(2, 2)]);
  });

  test('replicated writes widen writers first, backfill, then readers', () => {
    const steps = saltSteps(1, 8, { mode: 'replicated' });
    expect(steps).toEqual([at(0, 1), { ...at(1, 1, 8), afterwards: 'backfill' }, at(2, 8)]);
  });

  test('replicated writes shrink readers first, then writers', () => {
    expect(saltSteps(8, 2, { mode: 'replicated' })).toEqual([at(0, 8), at(1, 2, 8), at(2, 2)]);
  });

  test('a plan goes on from the configuration in use, and counts on from its version', () => {
    expect(saltSteps(at(7, 2), 4).map(({ version }) => version)).toEqual([7, 8, 9]);
  });

  test('of a table, some keys widen while others shrink, and a salt of 1 is none', () => {
    expect(saltSteps(at(3, { a: 4, b: 2 }), { b: 8, c: 1 })).toEqual([
      at(3, { a: 4, b: 2 }),
      { ...at(4, { a: 4, b: 8 }, { b: 2 }), afterwards: 'drain' },
      at(5, { b: 8, c: 1 }),
    ]);
  });

  test('where nothing changes there is one step, and no version', () => {
    expect(saltSteps(at(3, 4), 4)).toEqual([at(3, 4)]);
    expect(saltSteps(at(3, {}), 1)).toEqual([at(3, {})]);
  });

  test('a change that is taken back half way drains what may have been written', () => {
    const [, middle] = saltSteps(1, 8);
    expect(saltSteps(middle as SaltConfig, 1)).toEqual([
      { ...at(1, 8, 1), afterwards: 'drain' },
      at(2, 1),
    ]);
  });

  test('any two steps that follow one another are adjacent; two versions apart is refused', () => {
    const ends = fc.oneof(fc.tuple(tables, tables), fc.tuple(numbers, numbers));
    fc.assert(
      fc.property(ends, modes, (ends, mode) => {
        const [from, to] = ends;
        const steps = saltSteps(at(0, from), to, { mode: mode as 'salted' });
        steps.forEach((step, i) => {
          expect(step.version).toBe(i);
          assertAdjacent(step, step);
          const next = steps[i + 1];
          const afterNext = steps[i + 2];
          if (next === undefined) return;
          assertAdjacent(step, next);
          assertAdjacent(next, step);
          if (afterNext === undefined) return;
          expect(() => assertAdjacent(step, afterNext)).toThrow(RangeError);
        });
        const last = steps.at(-1) as SaltConfig;
        expect(() => assertAdjacent(last, at(last.version, to))).not.toThrow();
      }),
    );
  });
});

describe('assertAdjacent', () => {
  test('refuses two versions apart, and says which', () => {
    expect(() => assertAdjacent(at(1, 4), at(3, 4))).toThrow(
      new RangeError('assertAdjacent: versions must be at most one apart, got 1 and 3'),
    );
  });

  test('refuses two plans that were made at once', () => {
    expect(() => assertAdjacent(at(1, 4, 1), at(1, 8, 1))).toThrow(
      new RangeError('assertAdjacent: two configurations must not share a version, got 1'),
    );
  });

  test('refuses steps that were left out, though the versions follow one another', () => {
    expect(() => assertAdjacent(at(1, 1), at(2, 8))).toThrow(/readers of one must cover/);
    expect(() => assertAdjacent(at(1, { a: 2 }), at(2, { a: 2, b: 2 }))).toThrow(RangeError);
  });

  test('takes one key that is salted and another that is replicated', () => {
    const before = at(1, { salted: 1, replicated: 4 }, { salted: 1, replicated: 4 });
    const after = at(2, { salted: 4, replicated: 1 }, { salted: 1, replicated: 4 });
    expect(() => assertAdjacent(before, after)).not.toThrow();
  });

  test('takes a number and a table where the number is 1 for every other key', () => {
    expect(() => assertAdjacent(at(1, 1), at(2, { a: 4 }, {}))).not.toThrow();
    expect(() => assertAdjacent(at(1, 4), at(2, { a: 4 }))).toThrow(RangeError);
  });

  test('refuses what is no configuration', () => {
    const config = at(1, 1);
    for (const bad of [
      null,
      1,
      [],
      {},
      { ...config, version: '1' },
      { ...config, readSalts: '1' },
    ]) {
      expect(() => assertAdjacent(config, bad as never)).toThrow(TypeError);
    }
    expect(() => assertAdjacent(at(-1, 1), config)).toThrow(RangeError);
    expect(() => assertAdjacent(at(0.5, 1), config)).toThrow(RangeError);
    expect(() => assertAdjacent(config, at(1, 0))).toThrow(RangeError);
    expect(() => assertAdjacent(config, at(1, { a: 1.5 }))).toThrow(
      'assertAdjacent: other.readSalts["a"] must be an integer from 1 to 16777216, got 1.5',
    );
  });
});

describe('saltSteps', () => {
  test('refuses a table after a number above 1, either way', () => {
    const why = /a table cannot follow 4 salts of every key: go through 1/;
    expect(() => saltSteps(4, { a: 2 })).toThrow(why);
    expect(() => saltSteps(at(0, { a: 2 }), 4)).toThrow(why);
    expect(saltSteps(1, { a: 2 })).toHaveLength(3);
    expect(saltSteps(at(0, { a: 2 }), 1)).toHaveLength(3);
  });

  test('refuses to begin in the middle of a change of the other mode', () => {
    const [, salted] = saltSteps(1, 4);
    const [, replicated] = saltSteps(1, 4, { mode: 'replicated' });
    expect(() => saltSteps(salted as SaltConfig, 4, { mode: 'replicated' })).toThrow(RangeError);
    expect(() => saltSteps(replicated as SaltConfig, 4)).toThrow(
      'saltSteps: from must not be in the middle of a change of the other mode, ' +
        'got version 1 for mode "salted"',
    );
  });

  test('refuses what are no salts, and no mode', () => {
    for (const bad of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => saltSteps(bad, 2)).toThrow(RangeError);
      expect(() => saltSteps(1, bad)).toThrow(RangeError);
    }
    for (const bad of [null, undefined, '4', [4], true]) {
      expect(() => saltSteps(bad as never, 2)).toThrow(TypeError);
      expect(() => saltSteps(1, bad as never)).toThrow(TypeError);
    }
    expect(() => saltSteps(1, 2, { mode: 'both' as never })).toThrow(
      'saltSteps: mode must be "salted" or "replicated", got "both"',
    );
  });

  test('keeps a copy of a table, and a key of the prototype is a key like any other', () => {
    const table = JSON.parse('{"__proto__": 3}') as Record<string, number>;
    const [, middle] = saltSteps(1, table);
    expect(Object.keys(middle?.readSalts as object)).toEqual(['__proto__']);
    table['a'] = 9;
    expect(Object.keys(saltSteps(1, table).at(-1)?.readSalts as object).sort()).toEqual([
      '__proto__',
      'a',
    ]);
    expect(Object.keys(middle?.readSalts as object)).toEqual(['__proto__']);
  });

  test('survives JSON, so that steps can be kept anywhere', () => {
    const steps = saltSteps(at(1, { a: 4 }), { b: 2 });
    expect(JSON.parse(JSON.stringify(steps))).toEqual(steps);
  });
});
