import { describe, expect, test } from 'vitest';
import { createSalter, type SaltConfig, saltSteps } from '../src/salting.js';
import { evenChances, hotSalter, ringOf, writesOf } from './salting-fixtures.js';

const ids = Array.from({ length: 2_000 }, (_, i) => `id-${i}`);
const table = (salts: Record<string, number>, version = 0): SaltConfig => {
  return { version, readSalts: salts, writeSalts: salts };
};

describe('8. Salts land on the distinct ranked nodes of the key', () => {
  test('a key that is not hot is written plain, so turning salting on moves nothing', () => {
    const { salter, hot } = hotSalter();
    hot.record('other');
    for (const id of ids) expect(salter.keyForWrite('other', { id })).toBe('other');
    expect(salter.keyForWrite('never seen')).toBe('never seen');
  });

  test('a hot key is written to as many salts as its share needs, 0 among them', () => {
    const { salter } = hotSalter();
    const counts = writesOf(salter, 'celebrity', 3_000);
    expect([...counts.keys()].sort()).toEqual(
      ['celebrity', ...Array.from({ length: 9 }, (_, i) => `celebrity#${i + 1}`)].sort(),
    );
  });

  test('whoever reads finds every salt that anybody may have written to, hot or not', () => {
    const { salter } = hotSalter();
    for (const key of ['celebrity', 'other']) {
      const read = new Set(salter.keysForRead(key));
      expect(read.size).toBe(16);
      for (const written of writesOf(salter, key, 500).keys()) expect(read).toContain(written);
    }
  });

  test('salts are never more than maxSalts, than the configuration says, or than nodes', () => {
    const most = (options: Parameters<typeof hotSalter>[0]) =>
      writesOf(hotSalter(options).salter, 'celebrity', 2_000).size;
    expect(most({})).toBe(10);
    expect(most({ maxSalts: 4 })).toBe(4);
    expect(most({ config: { version: 3, readSalts: 8, writeSalts: 5 } })).toBe(5);
    expect(most({ ring: ringOf(3) })).toBe(3);
    expect(most({ ring: ringOf(1) })).toBe(1);
    expect(most({ maxSalts: 1 })).toBe(1);
  });

  test('more headroom needs fewer salts', () => {
    const { salter } = hotSalter({ headroom: 1 });
    expect(writesOf(salter, 'celebrity', 500).size).toBe(5);
  });

  test('an id has the same salt each time, in every process, and ids are spread evenly', () => {
    const { salter } = hotSalter();
    const { salter: another } = hotSalter();
    const counts = new Map<string, number>();
    for (const id of ids) {
      const key = salter.keyForWrite('celebrity', { id });
      expect(salter.keyForWrite('celebrity', { id })).toBe(key);
      expect(another.keyForWrite('celebrity', { id })).toBe(key);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    // 200 each; five standard deviations of 13.
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(67);
  });

  test('with one salt more, ids move only to the new one', () => {
    const at = (salts: number) => createSalter({ ring: ringOf(10), config: table({ key: salts }) });
    const [five, six] = [at(5), at(6)];
    const moved = ids.filter((id) => {
      const [before, after] = [five.keyForWrite('key', { id }), six.keyForWrite('key', { id })];
      if (before !== after) expect(after).toBe('key#5');
      return before !== after;
    });
    expect(moved.length / ids.length).toBeCloseTo(1 / 6, 1);
  });

  test('without an id the salt is drawn, and no chance draws one that nobody reads', () => {
    const drawn = (chance: number) =>
      hotSalter({ random: () => chance }).salter.keyForWrite('celebrity');
    expect(drawn(0)).toBe('celebrity');
    expect(drawn(0.35)).toBe('celebrity#3');
    expect(drawn(0.999)).toBe('celebrity#9');
    expect(drawn(1)).toBe('celebrity#9');
  });
});

describe('the configuration', () => {
  test('a table says which keys are salted, whatever is hot here, so all processes agree', () => {
    const { salter } = hotSalter({ config: table({ agreed: 4 }), random: evenChances(4) });
    expect(writesOf(salter, 'agreed', 400)).toEqual(
      new Map([
        ['agreed', 100],
        ['agreed#1', 100],
        ['agreed#2', 100],
        ['agreed#3', 100],
      ]),
    );
    expect(salter.keysForRead('agreed')).toHaveLength(4);
    expect(writesOf(salter, 'celebrity', 400).size).toBe(1);
    expect(salter.keysForRead('celebrity')).toEqual(['celebrity']);
  });

  test('without a sketch, a number is for every key', () => {
    const config = { version: 0, readSalts: 4, writeSalts: 2 };
    const salter = createSalter({ ring: ringOf(5), config });
    expect(writesOf(salter, 'any', 200).size).toBe(2);
    expect(salter.keysForRead('any')).toEqual(['any', 'any#1', 'any#2', 'any#3']);
  });

  test('a replicated key is written to all copies and read from any one', () => {
    const salter = createSalter({ ring: ringOf(5), config: table({ popular: 3 }) });
    const copies = salter.keysForReplicatedWrite('popular');
    expect(copies).toEqual(['popular', 'popular#1', 'popular#2']);
    const read = ids.map((id) => salter.keyForReplicatedRead('popular', { id }));
    expect(new Set(read)).toEqual(new Set(copies));
    expect(salter.keyForReplicatedRead('popular', { id: 'me' })).toBe(
      salter.keyForReplicatedRead('popular', { id: 'me' }),
    );
    const drawn = new Set(ids.map(() => salter.keyForReplicatedRead('popular')));
    expect(drawn).toEqual(new Set(copies));
    expect(salter.keysForReplicatedWrite('other')).toEqual(['other']);
    expect(salter.keyForReplicatedRead('other', { id: 'me' })).toBe('other');
  });

  test('who writes all copies writes them though there are fewer nodes; who reads goes no further', () => {
    const salter = createSalter({ ring: ringOf(2), config: table({ popular: 4 }) });
    expect(salter.keysForReplicatedWrite('popular')).toHaveLength(4);
    const read = new Set(ids.map((id) => salter.keyForReplicatedRead('popular', { id })));
    expect([...read].sort()).toEqual(['popular', 'popular#1']);
  });

  test('in the middle of a change of the other mode, a verb is refused', () => {
    const [, salted] = saltSteps(1, 4);
    const [, replicated] = saltSteps(1, 4, { mode: 'replicated' });
    const salting = createSalter({ ring: ringOf(3), config: salted as SaltConfig });
    expect(salting.keyForWrite('key')).toBe('key');
    expect(salting.keysForRead('key')).toHaveLength(4);
    expect(() => salting.keysForReplicatedWrite('key')).toThrow(RangeError);
    expect(() => salting.keyForReplicatedRead('key')).toThrow(
      'keyForReplicatedRead: writeSalts of the configuration must be at least its readSalts, ' +
        'got 1 and 4: it is a step of the other mode',
    );
    const copying = createSalter({ ring: ringOf(3), config: replicated as SaltConfig });
    expect(copying.keysForReplicatedWrite('key')).toHaveLength(4);
    expect(copying.keyForReplicatedRead('key')).toBe('key');
    expect(() => copying.keyForWrite('key')).toThrow(RangeError);
    expect(() => copying.keysForRead('key')).toThrow(RangeError);
  });
});

describe('update', () => {
  test('goes from step to step, and is never two versions away', () => {
    const steps = saltSteps({ version: 4, readSalts: {}, writeSalts: {} }, { key: 3 });
    const [first, second, third] = steps as [SaltConfig, SaltConfig, SaltConfig];
    const salter = createSalter({ ring: ringOf(5), config: first });
    expect(salter.keysForRead('key')).toEqual(['key']);
    expect(() => salter.update({ config: third })).toThrow(/at most one apart, got 4 and 6/);
    expect(salter.config).toEqual(first);
    salter.update({ config: second });
    expect(salter.keysForRead('key')).toHaveLength(3);
    expect(writesOf(salter, 'key', 200).size).toBe(1);
    salter.update({ config: third });
    expect(salter.config).toEqual(third);
    expect(writesOf(salter, 'key', 200).size).toBe(3);
    salter.update({ config: second });
    expect(salter.config.version).toBe(5);
  });

  test('takes another ring, and what is hot stays hot', () => {
    const { salter, ring } = hotSalter({ enterWeight: 1_000 });
    expect(writesOf(salter, 'celebrity', 2_000).size).toBe(10);
    const next = ring.without('n1').without('n2');
    salter.update({ ring: next });
    expect(writesOf(salter, 'celebrity', 2_000).size).toBe(8);
    expect(salter.nodeFor('celebrity#3')).toBe(next.nodesFor('celebrity', 4)[3]);
    expect(salter.diff(next, 'celebrity')).toEqual([]);
  });

  test('changes nothing when half of it is refused', () => {
    const { salter, ring } = hotSalter();
    const config = { version: 5, readSalts: 16, writeSalts: 16 };
    expect(() => salter.update({ ring: ringOf(2), config })).toThrow(RangeError);
    for (const id of ids) expect(salter.nodeFor(id)).toBe(ring.nodeFor(id));
    expect(() => salter.update({ ring: 'ring' as never })).toThrow(TypeError);
    expect(() => salter.update({ config: { ...config, version: 1, readSalts: 17 } })).toThrow(
      'update: config.readSalts must be an integer from 1 to 16, got 17',
    );
    salter.update({});
    expect(salter.config).toEqual({ version: 0, readSalts: 16, writeSalts: 16 });
  });
});
