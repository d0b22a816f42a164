import { show } from '@gabion/contract';
import { murmur3 } from '../hash/murmur3.js';
import { bucketsOf, pointAt } from './buckets.js';
import type { RingMember } from './members.js';
import { type NodesForOptions, ranked } from './ranking.js';
import type { RingState } from './state.js';
import { walk } from './walk.js';
import { type Zones, zonesOf } from './zones.js';

/** What a ring answers about a key. */
export interface Lookup {
  nodeFor(key: string): string | undefined;
  nodesFor(key: string, n: number, options?: NodesForOptions): string[];
  positionOf(key: string): number;
}

/** Prepares a ring's answers: an index over its points, and the pins that are in force. */
export function lookupOf({ members, settings, points }: RingState): Lookup {
  const { seed } = settings;
  const { positions, owners, count } = points;
  const { homes, shift } = bucketsOf(points);
  // Where nobody has a point, the one that closes the circle must belong to nobody.
  const ids = count === 0 ? [] : members.map(({ id }) => id);
  const pinned = pinnedMembers(settings.pins, members);
  let zones: Zones | undefined;
  return {
    nodeFor(key) {
      if (typeof key !== 'string') throw noText('ring.nodeFor', key);
      if (pinned !== undefined) {
        const home = pinned.get(key);
        if (home !== undefined) return ids[home];
      }
      const position = murmur3(key, seed);
      let at = homes[position >>> shift] as number;
      if (at < 0) return ids[~at];
      while ((positions[at] as number) < position) at += 1;
      return ids[owners[at] as number];
    },
    nodesFor(key, n, options) {
      if (typeof key !== 'string') throw noText('ring.nodesFor', key);
      const from = pointAt(points, murmur3(key, seed));
      const begin = { from, members: members.length, pinned: pinned?.get(key) };
      const first = ranked('ring.nodesFor', walk(points, begin), n, {
        options,
        zones: () => (zones ??= zonesOf(members)),
      });
      return first.map((member) => ids[member] as string);
    },
    positionOf(key) {
      if (typeof key !== 'string') throw noText('ring.positionOf', key);
      return murmur3(key, seed);
    },
  };
}

/** What is thrown where a key must be a text. */
export function noText(fn: string, key: unknown): TypeError {
  return new TypeError(`${fn}: key must be a string, got ${show(key)}`);
}

/** The pins that are in force: to members that own keys. Undefined if there are none. */
export function pinnedMembers(
  pins: ReadonlyMap<string, string>,
  members: readonly RingMember[],
): ReadonlyMap<string, number> | undefined {
  if (pins.size === 0) return undefined;
  const owning = new Map(members.flatMap(({ id, weight }, i) => (weight > 0 ? [[id, i]] : [])));
  const found = new Map<string, number>();
  for (const [key, id] of pins) {
    const member = owning.get(id);
    if (member !== undefined) found.set(key, member);
  }
  return found.size === 0 ? undefined : found;
}
