import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRendezvous, type RingNode } from '../src/rendezvous.js';
import { byText, type Membership } from './brute-ring.js';
import { anyKeys, anyMembership } from './memberships.js';
import { murmur3Bytes, murmur3Text } from './murmur3-bytes.js';

function rendezvousOf({ nodes, seed, pins }: Membership) {
  return createRendezvous(nodes, { seed, pins: Object.fromEntries(pins) });
}

/** −w / ln(u): the method itself, with `Math.log` and hashes of the tests' own. */
function scoreOf({ id, weight = 1 }: RingNode, key: string, seed: number): number {
  const words = Uint32Array.of(murmur3Text(key, seed), murmur3Text(id, (2 ** 32 - 1 - seed) >>> 0));
  const hash = murmur3Bytes(new Uint8Array(words.buffer), murmur3Text(id, seed));
  return -weight / Math.log((hash + 0.5) / 2 ** 32);
}

describe('7. Rendezvous is the weighted logarithmic method', () => {
  test('nodes are ranked by −weight / ln(hash of key and node)', () => {
    fc.assert(
      fc.property(anyMembership, anyKeys, (membership, keys) => {
        const unpinned = { ...membership, pins: new Map<string, string>() };
        const { seed } = membership;
        for (const key of keys) {
          const ranked = membership.nodes
            .filter(({ weight }) => weight !== 0)
            .map((node) => ({ id: node.id, score: scoreOf(node, key, seed) }))
            .sort((a, b) => b.score - a.score || byText(a.id, b.id))
            .map(({ id }) => id);
          expect(rendezvousOf(unpinned).nodesFor(key, 20)).toEqual(ranked);
          expect(rendezvousOf(unpinned).nodeFor(key)).toBe(ranked[0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a change moves keys only to or from the node that changes', () => {
    fc.assert(
      fc.property(anyMembership, anyKeys, fc.nat(), (membership, keys, at) => {
        const node = membership.nodes[at % membership.nodes.length];
        fc.pre(node !== undefined);
        const { id, weight = 1 } = node;
        const full = rendezvousOf(membership);
        const less = full.without(id);
        const more = full.reweigh(id, weight + 1);
        for (const key of keys) {
          const home = full.nodeFor(key);
          if (less.nodeFor(key) !== home) expect(home).toBe(id);
          if (more.nodeFor(key) !== home) expect(more.nodeFor(key)).toBe(id);
          expect(less.with(node).nodeFor(key)).toBe(home);
        }
        expect(less.with(node).fingerprint).toBe(full.fingerprint);
        expect(more.reweigh(id, weight).fingerprint).toBe(full.fingerprint);
      }),
      { numRuns: 300 },
    );
  });

  test('shares are in proportion to weights, whatever these are, within what chance allows', () => {
    const nodes = [
      { id: 'a', weight: 0.001 },
      { id: 'b', weight: 0.01 },
      { id: 'c', weight: 0.004 },
      { id: 'd', weight: 0 },
    ];
    const ranked = createRendezvous(nodes);
    const keys = 60_000;
    const counts = new Map<string | undefined, number>();
    for (let i = 0; i < keys; i += 1) {
      const home = ranked.nodeFor(`user:${i}`);
      counts.set(home, (counts.get(home) ?? 0) + 1);
    }
    for (const { id, weight } of nodes) {
      const share = weight / 0.015;
      const sigma = Math.sqrt(keys * share * (1 - share));
      expect(Math.abs((counts.get(id) ?? 0) - keys * share)).toBeLessThanOrEqual(5 * sigma);
    }
  });

  test('a pinned key lives where its pin says, and nodes are in the order of ids', () => {
    const ranked = createRendezvous(['c', { id: 'a', zone: 'z' }, 'b'], { pins: { k: 'c' } });
    expect(ranked.nodeFor('k')).toBe('c');
    expect(ranked.nodesFor('k', 3)[0]).toBe('c');
    expect(new Set(ranked.nodesFor('k', 3)).size).toBe(3);
    expect(ranked.nodes).toEqual([
      { id: 'a', weight: 1, zone: 'z' },
      { id: 'b', weight: 1, zone: undefined },
      { id: 'c', weight: 1, zone: undefined },
    ]);
    expect(ranked.without('c').nodeFor('k')).not.toBe('c');
    expect(Object.isFrozen(ranked)).toBe(true);
  });

  test('another seed is another ranking', () => {
    const [one, other] = [0, 1].map((seed) => createRendezvous(['a', 'b', 'c', 'd'], { seed }));
    const keys = Array.from({ length: 400 }, (_, i) => `k${i}`);
    const moved = keys.filter((key) => one?.nodeFor(key) !== other?.nodeFor(key));
    expect(moved.length).toBeGreaterThan(200);
    expect(other?.seed).toBe(1);
  });

  test('two ids never share all their hashes for want of bits', () => {
    // Of ids whose first hash is the same, each still gets keys.
    const seen = new Map<number, string>();
    let twins: [string, string] | undefined;
    for (let i = 0; twins === undefined; i += 1) {
      const hash = murmur3Text(`node-${i}`, 0);
      const other = seen.get(hash);
      if (other !== undefined) twins = [other, `node-${i}`];
      seen.set(hash, `node-${i}`);
    }
    const ranked = createRendezvous(twins);
    const homes = Array.from({ length: 100 }, (_, i) => ranked.nodeFor(`k${i}`));
    expect(new Set(homes).size).toBe(2);
  });
});
