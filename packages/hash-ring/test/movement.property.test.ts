import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHashRing, type HashRing } from '../src/index.js';
import { drawPoints } from '../src/ring/points.js';
import { createBruteRing } from './brute-ring.js';
import { anyChange, anyKeys, anyMembership, changed, ringOf } from './memberships.js';

/** Where a key lives on each of two rings. */
function ends(before: HashRing, after: HashRing, key: string) {
  return { source: before.nodeFor(key), target: after.nodeFor(key) };
}

describe('2. Minimal movement: a change moves keys only to or from the node that changes', () => {
  test('a node that comes takes keys, and no key moves between the others', () => {
    fc.assert(
      fc.property(anyMembership, anyChange, anyKeys, (membership, change, keys) => {
        fc.pre(change.kind === 'with');
        const before = ringOf(membership);
        const next = changed(before, membership, change);
        fc.pre(next !== undefined);
        for (const key of keys) {
          const { source, target } = ends(before, next.ring, key);
          if (source !== target) expect(target).toBe(next.id);
        }
        const targets = before.diff(next.ring).ranges.map(({ target }) => target);
        expect(targets.filter((target) => target !== next.id)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('a node that goes gives its keys away, and no other key moves', () => {
    fc.assert(
      fc.property(anyMembership, anyChange, anyKeys, (membership, change, keys) => {
        fc.pre(change.kind === 'without');
        const before = ringOf(membership);
        const next = changed(before, membership, change);
        fc.pre(next !== undefined);
        for (const key of keys) {
          const { source, target } = ends(before, next.ring, key);
          if (source !== target) expect(source).toBe(next.id);
          expect(target).not.toBe(next.id);
        }
        const sources = before.diff(next.ring).ranges.map(({ source }) => source);
        expect(sources.filter((source) => source !== next.id)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('a node that is reweighed up only takes keys, and down only gives them', () => {
    fc.assert(
      fc.property(anyMembership, anyChange, (membership, change) => {
        fc.pre(change.kind === 'reweigh');
        const before = ringOf(membership);
        const next = changed(before, membership, change);
        fc.pre(next !== undefined);
        const old = before.nodes.find(({ id }) => id === next.id)?.weight as number;
        const now = next.ring.nodes.find(({ id }) => id === next.id)?.weight as number;
        const { ranges } = before.diff(next.ring);
        const end = now > old ? 'target' : 'source';
        expect(ranges.filter((range) => range[end] !== next.id)).toEqual([]);
        if (now === old) expect(ranges).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('a ring that came about step by step is the ring that is made at once', () => {
    const changes = fc.array(anyChange, { maxLength: 8 });
    fc.assert(
      fc.property(anyMembership, changes, anyKeys, (membership, steps, keys) => {
        let ring = ringOf(membership);
        let known = membership;
        for (const step of steps) {
          const next = changed(ring, known, step);
          if (next === undefined) continue;
          ring = next.ring;
          known = next.membership;
        }
        const fresh = ringOf(known);
        expect(ring.fingerprint).toBe(fresh.fingerprint);
        expect(ring.nodes).toEqual(fresh.nodes);
        expect(ring.diff(fresh)).toMatchObject({ ranges: [], pinned: [] });
        for (const key of keys) expect(ring.nodesFor(key, 20)).toEqual(fresh.nodesFor(key, 20));
      }),
      { numRuns: 400 },
    );
  });

  test('nothing changes on the ring that a change was made from', () => {
    const ring = createHashRing(['a', 'b', 'c']);
    const before = { print: ring.fingerprint, list: ring.nodesFor('k', 3), nodes: ring.nodes };
    ring.with('d');
    ring.without('a');
    ring.reweigh('b', 7);
    expect(ring.nodesFor('k', 3)).toEqual(before.list);
    expect(ring.nodes).toBe(before.nodes);
    expect(createHashRing(['c', 'b', 'a']).fingerprint).toBe(before.print);
    expect(Object.isFrozen(ring) && Object.isFrozen(ring.nodes)).toBe(true);
    expect(ring.nodes.every((node) => Object.isFrozen(node))).toBe(true);
    expect(ring.reweigh('b', 7).nodes.every((node) => Object.isFrozen(node))).toBe(true);
  });
});

describe('2. Minimal movement: weights count in points, which are never normalised', () => {
  test('a node has max(1, round(vnodes × weight)) points, whatever the others weigh', () => {
    const weights = [0, 1e-9, 0.001, 0.0031, 0.0032, 0.5, 1, 2.5, 40];
    for (const vnodes of [1, 10, 160]) {
      for (const weight of weights) {
        const count = weight === 0 ? 0 : Math.max(1, Math.round(vnodes * weight));
        const nodes = [{ id: 'x', weight }, { id: 'other' }];
        const brute = createBruteRing({ nodes, vnodes, seed: 0, pins: new Map() });
        expect(brute.points.filter(({ id }) => id === 'x')).toHaveLength(count);
        const owned = createHashRing(nodes, { vnodes }).balance().nodes[1]?.actual;
        expect(owned).toBe(shareOf(brute.points, 'x'));
      }
    }
  });

  test('a weight that grows in small steps keeps every point that it had', () => {
    const grown = [0.1, 0.35, 0.5, 1, 1.2, 3].map((weight) =>
      createHashRing([{ id: 'x', weight }, 'y', 'z'], { vnodes: 20 }),
    );
    for (const [i, ring] of grown.entries()) {
      const next = grown[i + 1];
      if (next === undefined) continue;
      const { ranges, movedFraction } = ring.diff(next);
      expect(movedFraction).toBeGreaterThan(0);
      expect(ranges.every(({ target }) => target === 'x')).toBe(true);
    }
  });

  test('from 6 nodes to 7 a seventh of the keys moves, and all of it to the seventh', () => {
    const six = createHashRing(['n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
    const { byNode, movedFraction } = six.diff(six.with('n7'));
    expect(byNode.at(-1)).toEqual({ id: 'n7', lost: 0, gained: movedFraction });
    expect(movedFraction).toBeGreaterThan(0.11);
    expect(movedFraction).toBeLessThan(0.18);
  });

  test('points are sorted by all their bits', () => {
    const { positions } = drawPoints(['a', 'b', 'c'], [4_000, 4_000, 4_000], 9);
    const drawn = positions.subarray(0, 12_000);
    expect([...drawn]).toEqual([...drawn].sort((a, b) => a - b));
  });
});

/** What a node owns, added up point by point. */
function shareOf(points: readonly { position: number; id: string }[], id: string): number {
  let owned = 0;
  for (const [i, point] of points.entries()) {
    if (point.id !== id) continue;
    const before = points[i - 1]?.position ?? (points.at(-1)?.position as number) - 2 ** 32;
    owned += point.position - before;
  }
  return owned / 2 ** 32;
}
