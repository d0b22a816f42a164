import type { RingNode } from '../src/index.js';
import { murmur3Text } from './murmur3-bytes.js';

/** Where a point lies and whose it is. */
interface Point {
  readonly position: number;
  readonly id: string;
  readonly vnode: number;
}

/** What a ring is asked to be. */
export interface Membership {
  readonly nodes: readonly RingNode[];
  readonly vnodes: number;
  readonly seed: number;
  readonly pins: ReadonlyMap<string, string>;
}

/**
 * The oracle: a ring as a text book has it, all points in one list that is searched from its
 * beginning. It knows nothing of how the package hashes, sorts, merges or looks up.
 */
export function createBruteRing({ nodes, vnodes, seed, pins }: Membership) {
  const points: Point[] = nodes.flatMap(({ id, weight = 1 }) => {
    const count = weight > 0 ? Math.max(1, Math.round(vnodes * weight)) : 0;
    return Array.from({ length: count }, (_, vnode) => {
      return { position: murmur3Text(`${vnode}:${id}`, seed), id, vnode };
    });
  });
  points.sort((a, b) => a.position - b.position || byText(a.id, b.id) || a.vnode - b.vnode);
  const zoneOf = (id: string) => nodes.find((node) => node.id === id)?.zone;

  /** Every node that owns keys, in the order in which a position meets their points. */
  function ranking(position: number): string[] {
    const found = points.findIndex((point) => point.position >= position);
    const from = Math.max(0, found);
    const met = [...points.slice(from), ...points.slice(0, from)].map(({ id }) => id);
    return [...new Set(met)];
  }

  function ownerAt(position: number): string | undefined {
    return ranking(position)[0];
  }

  function rankingOf(key: string): string[] {
    const all = ranking(murmur3Text(key, seed));
    const home = pins.get(key);
    if (home === undefined || !all.includes(home)) return all;
    return [home, ...all.filter((id) => id !== home)];
  }

  return {
    points,
    ownerAt,
    rankingOf,
    nodeFor: (key: string): string | undefined => rankingOf(key)[0],
    /** Rounds over the zones: in each, every zone that has some left gives its best one. */
    spreadOf(key: string): string[] {
      const left = rankingOf(key);
      const list: string[] = [];
      while (left.length > 0) {
        const seen = new Set<string>();
        for (const id of [...left]) {
          const zone = zoneOf(id);
          const own = zone === undefined ? `node ${id}` : `zone ${zone}`;
          if (seen.has(own)) continue;
          seen.add(own);
          list.push(id);
          left.splice(left.indexOf(id), 1);
        }
      }
      return list;
    },
  };
}

/** The order of code units. */
export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
