import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRendezvous } from '../src/rendezvous.js';
import { createSalter } from '../src/salting.js';
import { evenChances, hotSalter, ringOf, writesOf } from './salting-fixtures.js';

/**
 * The expected part of a key on the node that has most of it, when each of its equal parts goes
 * to a node drawn at random: exact, by P(no node has more than k) =
 * parts! / nodes^parts × the coefficient of x^parts in (1 + x + … + x^k / k!)^nodes.
 */
function hottestAtRandom(parts: number, nodes: number): number {
  const factorial = [1];
  for (let i = 1; i <= parts; i += 1) factorial.push((factorial[i - 1] as number) * i);
  const noneAbove = (k: number): number => {
    let coefficients = [1, ...Array<number>(parts).fill(0)];
    for (let node = 0; node < nodes; node += 1) {
      coefficients = coefficients.map((_, power) => {
        let sum = 0;
        for (let j = 0; j <= Math.min(k, power); j += 1) {
          sum += (coefficients[power - j] as number) / (factorial[j] as number);
        }
        return sum;
      });
    }
    return ((coefficients[parts] as number) * (factorial[parts] as number)) / nodes ** parts;
  };
  let expected = 0;
  for (let k = 0; k < parts; k += 1) expected += 1 - noneAbove(k);
  return expected / parts;
}

/** The part of the whole on the node that has most of it. */
function hottest(nodes: Iterable<string | undefined>): number {
  const counts = new Map<string | undefined, number>();
  let all = 0;
  for (const node of nodes) {
    all += 1;
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / all;
}

const tenSalts = { version: 0, readSalts: 10, writeSalts: 10 };
const keys = Array.from({ length: 2_000 }, (_, i) => `key-${i}`);

describe('8. Salts land on the distinct ranked nodes of the key', () => {
  test('of 10 salts on 10 nodes, a tenth of the key is on the hottest; at random 27 %', () => {
    const ring = ringOf(10);
    const salter = createSalter({ ring, config: tenSalts });
    expect(hottestAtRandom(10, 10)).toBeCloseTo(0.2749, 4);
    let distinct = 0;
    let atRandom = 0;
    for (const key of keys) {
      const salted = salter.keysForRead(key);
      distinct += hottest(salted.map((one) => salter.nodeFor(one))) / keys.length;
      // As salts are placed by those who hash the salted key like any other.
      atRandom += hottest(salted.map((one) => ring.nodeFor(one))) / keys.length;
    }
    expect(distinct).toBeCloseTo(0.1, 12);
    // A little more than by theory, since the nodes of a ring are not of equal size.
    expect(atRandom).toBeGreaterThan(0.26);
    expect(atRandom).toBeLessThan(0.3);
  });

  test('the load of a hot key that is written evenly is even over the nodes', () => {
    const { salter } = hotSalter({ random: evenChances(10) });
    const counts = [...writesOf(salter, 'celebrity', 1_000)];
    expect(counts).toHaveLength(10);
    const nodes = counts.map(([salted, writes]) => [salter.nodeFor(salted), writes] as const);
    expect(new Set(nodes.map(([node]) => node)).size).toBe(10);
    expect(nodes.every(([, writes]) => writes === 100)).toBe(true);
  });

  test('salt i lives on the key’s ranked node i, salt 0 where the plain key lives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.stringMatching(/^[a-z]{1,8}$/), (n, key) => {
        for (const ring of [ringOf(n), createRendezvous(ringOf(n).nodes)]) {
          const salter = createSalter({ ring, maxSalts: n });
          const salted = salter.keysForRead(key);
          expect(salted.map((one) => salter.nodeFor(one))).toEqual(ring.nodesFor(key, n));
          expect(salted[0]).toBe(key);
          expect(salter.nodeFor(key)).toBe(ring.nodeFor(key));
        }
      }),
    );
  });

  test('on fewer nodes than there are salts, each has one before any has two', () => {
    const salter = createSalter({ ring: ringOf(3), maxSalts: 7 });
    const nodes = salter.keysForRead('key').map((one) => salter.nodeFor(one));
    expect(nodes.slice(3, 6)).toEqual(nodes.slice(0, 3));
    expect(new Set(nodes.slice(0, 3)).size).toBe(3);
    expect(nodes[6]).toBe(nodes[0]);
  });

  test('a drained node gets no salt, and an empty ring has no node for any', () => {
    const drained = ringOf(3).reweigh('n2', 0);
    const salter = createSalter({ ring: drained, maxSalts: 3 });
    const nodes = salter.keysForRead('key').map((one) => salter.nodeFor(one));
    expect([...new Set(nodes)].sort()).toEqual(['n1', 'n3']);
    const empty = createSalter({ ring: ringOf(0), maxSalts: 3 });
    expect(empty.nodeFor('key#2')).toBeUndefined();
    expect(empty.keyForWrite('key')).toBe('key');
  });

  test('the memory of seats is bounded, and gone with the ring', () => {
    const ring = ringOf(5);
    let asked = 0;
    const counting = {
      nodes: ring.nodes,
      nodeFor: ring.nodeFor,
      nodesFor: (key: string, n: number) => {
        asked += 1;
        return ring.nodesFor(key, n);
      },
    };
    const salter = createSalter({ ring: counting, maxSalts: 4 });
    for (let i = 0; i < 10; i += 1)
      expect(salter.nodeFor('key#2')).toBe(ring.nodesFor('key', 3)[2]);
    expect(asked).toBe(1);
    for (const key of keys) salter.nodeFor(`${key}#1`);
    for (const key of keys.slice(0, 1_024)) {
      expect(salter.nodeFor(`${key}#1`)).toBe(ring.nodesFor(key, 2)[1]);
    }
    expect(asked).toBeGreaterThan(1 + keys.length);
    salter.nodeFor('key#3');
    const next = ring.without('n1').without('n2');
    salter.update({ ring: next });
    expect(salter.nodeFor('key#2')).toBe(next.nodesFor('key', 3)[2]);
  });

  test('diff lists the seats that move, and no other', () => {
    const ring = ringOf(6);
    const salter = createSalter({ ring, maxSalts: 4 });
    for (const key of keys.slice(0, 200)) {
      const gone = ring.nodesFor(key, 2)[1] as string;
      const next = ring.without(gone);
      const after = createSalter({ ring: next, maxSalts: 4 });
      const moves = salter.keysForRead(key).flatMap((salted, salt) => {
        const [source, target] = [salter.nodeFor(salted), after.nodeFor(salted)];
        return source === target ? [] : [{ salt, key: salted, source, target }];
      });
      expect(salter.diff(next, key)).toEqual(moves);
      // Every seat after that of the node that has gone moves up by one; salt 0 stays.
      expect(moves.map(({ salt }) => salt)).toEqual([1, 2, 3]);
      expect(moves[0]?.source).toBe(gone);
    }
    expect(salter.diff(ring, 'key')).toEqual([]);
  });

  test('diff looks at as many salts as may hold something', () => {
    const ring = ringOf(6);
    const config = { version: 0, readSalts: { celebrity: 3 }, writeSalts: {} };
    const salter = createSalter({ ring, maxSalts: 4, config });
    const empty = ringOf(0);
    expect(salter.diff(empty, 'celebrity').map(({ salt }) => salt)).toEqual([0, 1, 2]);
    expect(salter.diff(empty, 'other')).toEqual([
      { salt: 0, key: 'other', source: ring.nodeFor('other'), target: undefined },
    ]);
  });
});
