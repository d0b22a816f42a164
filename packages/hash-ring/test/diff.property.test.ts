import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHashRing, type RingDiff } from '../src/index.js';
import { createBruteRing } from './brute-ring.js';
import { anyKey, anyKeys, anyMembership, ringOf } from './memberships.js';

/** Two rings that hash alike and may differ in all else. */
const anyPair = fc
  .tuple(anyMembership, anyMembership)
  .map(([one, other]) => [one, { ...other, seed: one.seed }] as const);

function isWithin(position: number, { from, to }: { from: number; to: number }): boolean {
  if (from < to) return position > from && position <= to;
  return position > from || position <= to;
}

/** What moves, counted position by position at every boundary: the owners between two are fixed. */
function bruteDiff(one: ReturnType<typeof createBruteRing>, other: typeof one) {
  const boundaries = [...new Set([...one.points, ...other.points].map((point) => point.position))];
  boundaries.sort((a, b) => a - b);
  let moved = 0;
  const lost = new Map<string | undefined, number>();
  const gained = new Map<string | undefined, number>();
  for (const [i, to] of boundaries.entries()) {
    const from = boundaries[i - 1] ?? (boundaries.at(-1) as number) - 2 ** 32;
    const [source, target] = [one.ownerAt(to), other.ownerAt(to)];
    if (source === target) continue;
    moved += to - from;
    lost.set(source, (lost.get(source) ?? 0) + to - from);
    gained.set(target, (gained.get(target) ?? 0) + to - from);
  }
  return { moved, lost, gained, boundaries };
}

describe('2. Minimal movement: diff finds what a comparison position by position finds', () => {
  test('every boundary and its neighbours lie in a range exactly when they move', () => {
    fc.assert(
      fc.property(anyPair, ([before, after]) => {
        const [one, other] = [createBruteRing(before), createBruteRing(after)];
        const { ranges } = ringOf(before).diff(ringOf(after));
        for (const boundary of bruteDiff(one, other).boundaries.slice(0, 60)) {
          for (const position of [boundary, (boundary + 1) >>> 0, (boundary - 1) >>> 0]) {
            const [source, target] = [one.ownerAt(position), other.ownerAt(position)];
            const covering = ranges.filter((range) => isWithin(position, range));
            const expected = source === target ? [] : [{ source, target }];
            expect(covering).toMatchObject(expected);
            expect(covering).toHaveLength(expected.length);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('fractions are exact, and so are their sums by node', () => {
    fc.assert(
      fc.property(anyPair, ([before, after]) => {
        const diff = ringOf(before).diff(ringOf(after));
        const { moved, lost, gained } = bruteDiff(createBruteRing(before), createBruteRing(after));
        expect(diff.movedFraction).toBe(moved / 2 ** 32);
        const sum = diff.ranges.reduce((total, { fraction }) => total + fraction, 0);
        expect(sum).toBe(diff.movedFraction);
        const ids = new Set([...before.nodes, ...after.nodes].map(({ id }) => id));
        expect(diff.byNode).toEqual(
          [...ids].sort().map((id) => ({
            id,
            lost: (lost.get(id) ?? 0) / 2 ** 32,
            gained: (gained.get(id) ?? 0) / 2 ** 32,
          })),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('ranges are in order, never touch another one like them, and have their own width', () => {
    fc.assert(
      fc.property(anyPair, ([before, after]) => {
        const { ranges } = ringOf(before).diff(ringOf(after));
        for (const [i, { from, to, source, target, fraction }] of ranges.entries()) {
          expect(source).not.toBe(target);
          expect(fraction).toBe((to > from ? to - from : to - from + 2 ** 32) / 2 ** 32);
          const next = ranges[(i + 1) % ranges.length] as (typeof ranges)[number];
          if (ranges.length > 1 && next.from === to) {
            expect([next.source, next.target]).not.toEqual([source, target]);
          }
          if (i > 0) expect(from).toBeGreaterThanOrEqual(ranges[i - 1]?.to as number);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a key moves exactly when its range does, or its pin', () => {
    const withPin = fc.record({ pair: anyPair, keys: anyKeys, extra: anyKey });
    fc.assert(
      fc.property(withPin, ({ pair: [before, after], keys, extra }) => {
        const [one, other] = [ringOf(before), ringOf(after)];
        const diff = one.diff(other);
        const pins = [...before.pins.keys(), ...after.pins.keys()];
        for (const key of [...keys, extra, ...pins]) {
          const [source, target] = [one.nodeFor(key), other.nodeFor(key)];
          const expected = source === target ? undefined : { source, target };
          expect(moveOf(diff, key, one.positionOf(key), pins.includes(key))).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the first range goes round through 0 where it has to, and is in one piece', () => {
    const empty = createHashRing([]);
    const { ranges, movedFraction } = empty.diff(createHashRing(['a'], { vnodes: 3 }));
    const range = { source: undefined, target: 'a', fraction: 1 };
    expect(ranges).toMatchObject([range]);
    expect(ranges[0]?.from).toBe(ranges[0]?.to);
    expect(movedFraction).toBe(1);
    expect(empty.diff(empty)).toEqual({ ranges: [], pinned: [], movedFraction: 0, byNode: [] });
  });

  test('pinned keys are told apart: only those that move, wherever they lie', () => {
    const pins = { stays: 'c', goes: 'b', late: 'd' };
    const before = createHashRing(['a', 'b', 'c'], { pins });
    const after = createHashRing(['a', 'c', 'd'], { pins });
    expect(before.diff(after).pinned).toEqual([
      { key: 'goes', source: 'b', target: after.nodeFor('goes') },
      { key: 'late', source: before.nodeFor('late'), target: 'd' },
    ]);
  });

  test('a ring of another seed, and what is no ring, is refused', () => {
    const ring = createHashRing(['a']);
    expect(() => ring.diff(createHashRing(['a'], { seed: 1 }))).toThrow(
      new RangeError('ring.diff: next must have the seed 0, got 1'),
    );
    expect(() => ring.diff({ ...ring })).toThrow(
      new TypeError('ring.diff: next must be a ring of createHashRing, got an object'),
    );
    expect(() => ring.diff(undefined as never)).toThrow(TypeError);
  });

  test('rings of different vnodes can be compared', () => {
    const [few, many] = [40, 160].map((vnodes) => createHashRing(['a', 'b', 'c'], { vnodes }));
    const { movedFraction } = few!.diff(many!);
    expect(movedFraction).toBeGreaterThan(0);
    expect(movedFraction).toBeLessThan(1);
  });
});

/** How a key moves, by what a diff says. */
function moveOf({ ranges, pinned }: RingDiff, key: string, position: number, isPinned: boolean) {
  const move = isPinned
    ? pinned.find((pin) => pin.key === key)
    : ranges.find((range) => isWithin(position, range));
  return move && { source: move.source, target: move.target };
}
