import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHashRing } from '../src/index.js';
import { bucketsOf, pointAt } from '../src/ring/buckets.js';
import { changePoints, drawPoints, type Points } from '../src/ring/points.js';
import { byText, createBruteRing } from './brute-ring.js';
import { anyMembership, ringOf } from './memberships.js';

/** The points without the one that closes the circle, as pairs. */
function pairs({ count, positions, owners }: Points): [number, number][] {
  return Array.from({ length: count }, (_, i) => [positions[i] as number, owners[i] as number]);
}

/** Points at positions of the test's own choice. */
function pointsAt(positions: readonly number[]): Points {
  const sorted = [...positions].sort((a, b) => a - b);
  return {
    count: sorted.length,
    positions: Uint32Array.from([...sorted, 0xffffffff]),
    owners: Uint16Array.from([...sorted, 0], (_, i) => (i === sorted.length ? 0 : i)),
  };
}

const anyPosition = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1),
);

describe('1. Deterministic: a lookup finds the point that a search from the beginning finds', () => {
  test('a key that lies on a point belongs to that point', () => {
    fc.assert(
      fc.property(anyMembership, (membership) => {
        const brute = createBruteRing(membership);
        const ring = ringOf({ ...membership, pins: new Map() });
        for (const { id, vnode, position } of brute.points.slice(0, 40)) {
          // The name of a point is a text, so it is a key as well.
          const key = `${vnode}:${id}`;
          expect(ring.positionOf(key)).toBe(position);
          const first = brute.points.find((point) => point.position === position)?.id;
          expect(ring.nodeFor(key)).toBe(first);
        }
      }),
    );
  });

  test('a bucket knows the owner of its positions, or their first point', () => {
    const anyPositions = fc.array(anyPosition, { maxLength: 40 });
    fc.assert(
      fc.property(anyPositions, fc.array(anyPosition), (positions, wanted) => {
        const points = pointsAt(positions);
        const { homes, shift } = bucketsOf(points);
        for (const position of [
          ...wanted,
          ...positions,
          ...positions.map((at) => (at + 1) >>> 0),
        ]) {
          const expected = points.positions.findIndex((point) => point >= position);
          expect(pointAt(points, position)).toBe(expected);
          const home = homes[position >>> shift] as number;
          if (home < 0) {
            expect(~home).toBe(points.owners[expected]);
            continue;
          }
          let found = home;
          while ((points.positions[found] as number) < position) found += 1;
          expect(found).toBe(expected);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a search is short: it begins at the first point of the bucket, if there is one', () => {
    for (const count of [0, 1, 2, 3, 100, 1_600]) {
      const points = drawPoints(['n'], [count], 1);
      const { homes, shift } = bucketsOf(points);
      expect(homes.length).toBe(2 ** (32 - shift));
      expect(homes.length).toBeGreaterThanOrEqual(Math.max(2, count));
      expect(homes.length).toBeLessThan(Math.max(3, 2 * count));
      const filled = new Set([...points.positions.subarray(0, count)].map((at) => at >>> shift));
      for (const [bucket, home] of homes.entries()) {
        if (home < 0) continue;
        expect(filled).toContain(bucket);
        expect((points.positions[home] as number) >>> shift).toBe(bucket);
        const before = home === 0 ? -1 : (points.positions[home - 1] as number) >>> shift;
        expect(before).toBeLessThan(bucket);
      }
    }
  });
});

describe('1. Deterministic: points lie in the order of position, id and vnode', () => {
  test('they are those that a plain sort of their names gives', () => {
    fc.assert(
      fc.property(anyMembership, (membership) => {
        const ids = membership.nodes.map(({ id }) => id).sort(byText);
        const { points } = createBruteRing(membership);
        const counts = ids.map((id) => points.filter((point) => point.id === id).length);
        expect(pairs(drawPoints(ids, counts, membership.seed))).toEqual(
          points.map(({ position, id }) => [position, ids.indexOf(id)]),
        );
      }),
    );
  });

  test('the point that closes the circle repeats the first one’s owner at the last position', () => {
    const { count, positions, owners } = drawPoints(['a', 'b', 'c'], [3, 3, 3], 0);
    expect(count).toBe(9);
    expect([positions[9], owners[9]]).toEqual([0xffffffff, owners[0]]);
  });

  test('more members than 16 bits can number keep their points apart', () => {
    const ids = Array.from({ length: 70_000 }, (_, i) => String(i).padStart(5, '0'));
    const ring = createHashRing(ids, { vnodes: 1 });
    for (const at of [0, 65_535, 65_536, 69_999]) {
      const key = `0:${ids[at]}`;
      expect(ring.nodeFor(key)).toBe(ids[at]);
    }
    const fewer = ring.without('00000');
    expect(fewer.nodeFor('0:69999')).toBe('69999');
    expect(fewer.nodeFor('0:65536')).toBe('65536');
  });
});

describe('2. Minimal movement: points that stay are taken over as they are', () => {
  test('merging gives what drawing all anew gives', () => {
    const anyCounts = fc.array(fc.nat({ max: 6 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(anyCounts, fc.nat(), fc.nat({ max: 5 }), (counts, index, seed) => {
        const ids = counts.map((_, i) => `n${i}`);
        const at = index % ids.length;
        const without = counts.map((count, i) => (i === at ? 0 : count));
        const [others, own, all] = [
          drawPoints(ids, without, seed),
          drawPoints(
            ids,
            counts.map((count, i) => (i === at ? count : 0)),
            seed,
          ),
          drawPoints(ids, counts, seed),
        ];
        const stays = Int32Array.from(ids, (_, i) => i);
        const change = { renumbered: stays, members: ids.length, coming: own };
        expect(pairs(changePoints(others, change))).toEqual(pairs(all));
        const goes = { ...change, renumbered: stays.with(at, -1), coming: drawPoints([], [], 0) };
        expect(pairs(changePoints(all, goes))).toEqual(pairs(others));
      }),
    );
  });
});
