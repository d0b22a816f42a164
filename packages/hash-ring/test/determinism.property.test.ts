import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { murmur3 } from '../src/hash/murmur3.js';
import { createHashRing } from '../src/index.js';
import { drawPoints } from '../src/ring/points.js';
import { createBruteRing } from './brute-ring.js';
import { anyKeys, anyMembership, ringOf } from './memberships.js';

/** Two ids whose point 0 lies at one position: some are found among a few hundred thousand. */
function collidingIds(): [string, string] {
  const seen = new Map<number, string>();
  for (let i = 0; ; i += 1) {
    const id = `node-${i}`;
    const position = murmur3(`0:${id}`, 0);
    const other = seen.get(position);
    if (other !== undefined) return [other, id].sort() as [string, string];
    seen.set(position, id);
  }
}

describe('1. Deterministic: the same members give the same answer in any order', () => {
  test('every answer is that of a ring searched point by point', () => {
    fc.assert(
      fc.property(anyMembership, anyKeys, (membership, keys) => {
        const ring = ringOf(membership);
        const brute = createBruteRing(membership);
        for (const key of keys) expect(ring.nodeFor(key)).toBe(brute.nodeFor(key));
      }),
      { numRuns: 500 },
    );
  });

  test('positions at and beside every point belong to whom they should', () => {
    fc.assert(
      fc.property(anyMembership, (membership) => {
        const { points, ownerAt } = createBruteRing(membership);
        const empty = createHashRing([], { seed: membership.seed });
        // The ranges from nobody to somebody are exactly what each node owns.
        const { ranges } = empty.diff(ringOf(membership));
        const owner = (position: number) =>
          ranges.find(({ from, to }) => isWithin(position, from, to))?.target;
        for (const { position } of points.slice(0, 40)) {
          for (const near of [position - 1, position, position + 1]) {
            expect(owner(near >>> 0)).toBe(ownerAt(near >>> 0));
          }
        }
      }),
    );
  });

  test('the order in which members and pins are given makes no difference', () => {
    const shuffled = anyMembership.chain((membership) => {
      const { nodes, pins } = membership;
      return fc.record({
        membership: fc.constant(membership),
        nodes: fc.shuffledSubarray([...nodes], { minLength: nodes.length }),
        pins: fc.shuffledSubarray([...pins], { minLength: pins.size }),
      });
    });
    fc.assert(
      fc.property(shuffled, anyKeys, ({ membership, nodes, pins }, keys) => {
        const one = ringOf(membership);
        const other = ringOf({ ...membership, nodes, pins: new Map(pins) });
        expect(other.fingerprint).toBe(one.fingerprint);
        expect(other.nodes).toEqual(one.nodes);
        for (const key of keys) expect(other.nodesFor(key, 9)).toEqual(one.nodesFor(key, 9));
        expect(one.diff(other)).toMatchObject({ ranges: [], pinned: [], movedFraction: 0 });
      }),
    );
  });

  test('two points that collide are both kept, and the smaller id comes first', () => {
    const [small, large] = collidingIds();
    const { positions, owners } = drawPoints([small, large], [1, 1], 0);
    expect(positions[0]).toBe(positions[1]);
    for (const nodes of [
      [small, large],
      [large, small],
    ]) {
      const ring = createHashRing(nodes, { vnodes: 1 });
      expect(ring.nodesFor('any', 2)).toEqual([small, large]);
      expect(ring.without(small).nodeFor('any')).toBe(large);
    }
    expect([...owners.subarray(0, 2)]).toEqual([0, 1]);
    // Drawn one by one they lie as they do when they are drawn together.
    const late = createHashRing([large], { vnodes: 1 }).with(small);
    expect(late.nodesFor('any', 2)).toEqual([small, large]);
    expect(createHashRing([small], { vnodes: 1 }).with(large).nodesFor('any', 2)).toEqual([
      small,
      large,
    ]);
  });

  test('vnode names are unambiguous: "a1" with vnode 1 is not "a" with vnode 11', () => {
    const positions = (id: string, count: number) =>
      Array.from({ length: count }, (_, vnode) => murmur3(`${vnode}:${id}`, 0));
    for (const id of ['a', 'a1', 'a11', '1', '1:a', '11:a', ':']) {
      const { positions: drawn } = drawPoints([id], [200], 0);
      expect([...drawn.subarray(0, 200)]).toEqual(positions(id, 200).sort((a, b) => a - b));
    }
    const similar = ['a', 'a1', 'a11', '1a', '11a', '1:a', '11:a', '1:1:a'];
    const all = similar.flatMap((id) => positions(id, 200));
    expect(new Set(all).size).toBe(all.length);
  });

  test('keys and ids are UTF-8: what is normalised differently is different', () => {
    const ring = createHashRing(['é', 'e\u0301', 'x'], { vnodes: 40 });
    expect(ring.nodes).toHaveLength(3);
    expect(ring.positionOf('é')).not.toBe(ring.positionOf('e\u0301'));
    expect(ring.positionOf('\ud800')).toBe(ring.positionOf('\ufffd'));
    expect(ring.nodeFor('\ud800')).toBe(ring.nodeFor('\ufffd'));
  });

  test('another seed is another ring', () => {
    const nodes = ['a', 'b', 'c', 'd'];
    const [one, other] = [createHashRing(nodes), createHashRing(nodes, { seed: 1 })];
    const keys = Array.from({ length: 400 }, (_, i) => `key-${i}`);
    const moved = keys.filter((key) => one.nodeFor(key) !== other.nodeFor(key));
    expect(moved.length).toBeGreaterThan(200);
    expect(one.positionOf('k')).toBe(murmur3('k', 0));
    expect(other.positionOf('k')).toBe(murmur3('k', 1));
  });
});

/** Whether a position lies in (from, to], which may go round. */
function isWithin(position: number, from: number, to: number): boolean {
  if (from < to) return position > from && position <= to;
  return position > from || position <= to;
}
