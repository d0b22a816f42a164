import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHashRing } from '../src/index.js';
import { createRendezvous } from '../src/rendezvous.js';
import { createBruteRing, type Membership } from './brute-ring.js';
import { anyKeys, anyMembership, ringOf } from './memberships.js';

function rendezvousOf({ nodes, seed, pins }: Membership) {
  return createRendezvous(nodes, { seed, pins: Object.fromEntries(pins) });
}

/** A ring and rendezvous hashing of the same members: both rank nodes by the same rules. */
const makers = [
  ['ring', ringOf],
  ['rendezvous', rendezvousOf],
] as const;

const spreads = ['node', 'zone'] as const;

describe('5. nodesFor is a stable list of distinct nodes', () => {
  test('its order is that of a walk point by point, spread or not', () => {
    fc.assert(
      fc.property(anyMembership, anyKeys, (membership, keys) => {
        const ring = ringOf(membership);
        const brute = createBruteRing(membership);
        for (const key of keys) {
          expect(ring.nodesFor(key, 30)).toEqual(brute.rankingOf(key));
          expect(ring.nodesFor(key, 30, { spread: 'zone' })).toEqual(brute.spreadOf(key));
        }
      }),
      { numRuns: 400 },
    );
  });

  test.each(makers)('%s: n distinct nodes, fewer only if there are fewer', (_, make) => {
    fc.assert(
      fc.property(anyMembership, anyKeys, fc.nat({ max: 10 }), (membership, keys, n) => {
        const owning = membership.nodes.filter(({ weight }) => weight !== 0).length;
        for (const spread of spreads) {
          for (const key of keys) {
            const list = make(membership).nodesFor(key, n, { spread });
            expect(new Set(list).size).toBe(list.length);
            expect(list).toHaveLength(Math.min(n, owning));
          }
        }
      }),
    );
  });

  test.each(makers)('%s: the first is nodeFor, and each list begins the next', (_, make) => {
    fc.assert(
      fc.property(anyMembership, anyKeys, (membership, keys) => {
        const ranked = make(membership);
        for (const spread of spreads) {
          for (const key of keys) {
            const whole = ranked.nodesFor(key, 10, { spread });
            expect(whole[0]).toBe(ranked.nodeFor(key));
            for (let n = 0; n <= whole.length; n += 1) {
              expect(ranked.nodesFor(key, n, { spread })).toEqual(whole.slice(0, n));
            }
          }
        }
      }),
    );
  });

  test.each(makers)('%s: no zone comes twice before every zone came once', (_, make) => {
    fc.assert(
      fc.property(anyMembership, anyKeys, (membership, keys) => {
        const owning = membership.nodes.filter(({ weight }) => weight !== 0);
        const zoneOf = new Map(owning.map(({ id, zone }) => [id, zone ?? `only ${id}`]));
        const zones = new Set(zoneOf.values());
        for (const key of keys) {
          const list = make(membership).nodesFor(key, 10, { spread: 'zone' });
          const first = list.slice(0, zones.size).map((id) => zoneOf.get(id));
          expect(new Set(first).size).toBe(zones.size);
          // And none a third time before every zone that can came a second time.
          const counts = new Map<string | undefined, number>();
          let round = 0;
          for (const id of list) {
            const count = (counts.get(zoneOf.get(id)) ?? 0) + 1;
            counts.set(zoneOf.get(id), count);
            expect(count).toBeGreaterThanOrEqual(round);
            round = count;
          }
        }
      }),
    );
  });

  test.each(makers)('%s: a node that is not on the list may leave without a trace', (_, make) => {
    fc.assert(
      fc.property(anyMembership, anyKeys, fc.nat({ max: 6 }), (membership, keys, n) => {
        const before = make(membership);
        for (const spread of spreads) {
          for (const key of keys.slice(0, 5)) {
            const list = before.nodesFor(key, n, { spread });
            for (const { id } of membership.nodes) {
              if (list.includes(id)) continue;
              expect(before.without(id).nodesFor(key, n, { spread })).toEqual(list);
            }
          }
        }
      }),
    );
  });

  test('without a word about spread zones are not looked at', () => {
    const ring = createHashRing([
      { id: 'a', zone: 'z' },
      { id: 'b', zone: 'z' },
      { id: 'c', zone: 'y' },
    ]);
    const keys = Array.from({ length: 60 }, (_, i) => `k${i}`);
    const pairs = keys.map((key) => ring.nodesFor(key, 2).sort().join(''));
    expect(pairs).toContain('ab');
    expect(keys.map((key) => ring.nodesFor(key, 2, {}).sort().join(''))).toEqual(pairs);
    const spread = keys.map((key) => ring.nodesFor(key, 2, { spread: 'zone' }).sort().join(''));
    expect(spread).not.toContain('ab');
  });

  test('a zone that is called like a member of Object is a zone like any other', () => {
    const ring = createHashRing([
      { id: 'a', zone: '__proto__' },
      { id: 'b', zone: '__proto__' },
      { id: 'c', zone: 'constructor' },
    ]);
    for (let i = 0; i < 50; i += 1) {
      const [first, second] = ring.nodesFor(`k${i}`, 2, { spread: 'zone' });
      expect([first, second]).toContain('c');
    }
  });
});

describe('5. nodesFor is a stable list that begins with the pinned node', () => {
  test('a pin in force comes first, and the others follow as they would', () => {
    const nodes = ['a', 'b', 'c', 'd'];
    const plain = createHashRing(nodes);
    for (let i = 0; i < 20; i += 1) {
      const key = `celebrity-${i}`;
      for (const home of nodes) {
        const pinned = createHashRing(nodes, { pins: { [key]: home } });
        const others = plain.nodesFor(key, 4).filter((id) => id !== home);
        expect(pinned.nodeFor(key)).toBe(home);
        expect(pinned.nodesFor(key, 4)).toEqual([home, ...others]);
        expect(pinned.nodesFor('other', 4)).toEqual(plain.nodesFor('other', 4));
      }
    }
  });

  test('a pin to an absent or drained node is ignored for as long as it is', () => {
    const pins = { k: 'late' };
    const ring = createHashRing(['a', 'b', 'c'], { pins });
    const free = createHashRing(['a', 'b', 'c']);
    expect(ring.nodesFor('k', 3)).toEqual(free.nodesFor('k', 3));
    const come = ring.with('late');
    expect(come.nodeFor('k')).toBe('late');
    expect(come.reweigh('late', 0).nodesFor('k', 3)).toEqual(free.nodesFor('k', 3));
    expect(come.without('late').with('late').nodeFor('k')).toBe('late');
  });

  test('pins of keys like __proto__ count when they are own, and only then', () => {
    const own = JSON.parse('{"__proto__": "b", "constructor": "b"}');
    const nodes = ['a', 'b', 'c', '__proto__'];
    const ring = createHashRing(nodes, { pins: own });
    expect(ring.nodeFor('__proto__')).toBe('b');
    expect(ring.nodeFor('constructor')).toBe('b');
    const inherited = createHashRing(nodes, { pins: Object.create({ k: 'b' }) });
    expect(inherited.fingerprint).toBe(createHashRing(nodes).fingerprint);
    expect(createHashRing(nodes, { pins: { k: '__proto__' } }).nodeFor('k')).toBe('__proto__');
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  test('pins that the caller changes later stay as they were given', () => {
    const pins: Record<string, string> = { k: 'a' };
    const ring = createHashRing(['a', 'b'], { pins });
    pins['k'] = 'b';
    expect(ring.nodeFor('k')).toBe('a');
    expect(ring.with('c').nodeFor('k')).toBe('a');
  });
});
