/**
 * Rendezvous hashing, weighted: no points and no luck, but a look at every node for each key.
 *
 * @packageDocumentation
 */
import { lnOfHash } from './hash/ln.js';
import { murmur3, murmur3Words } from './hash/murmur3.js';
import { added, removed, reweighed } from './ring/changes.js';
import { fingerprintOf } from './ring/fingerprint.js';
import { noText, pinnedMembers } from './ring/lookup.js';
import {
  memberOf,
  membersOf,
  type Placement,
  type PlacementOptions,
  type RingMember,
  type RingNode,
  settlePlacement,
} from './ring/members.js';
import { type NodesForOptions, type Preference, ranked } from './ring/ranking.js';
import { type Zones, zonesOf } from './ring/zones.js';

export type { NodesForOptions, PlacementOptions, RingMember, RingNode };

/** Which node a key lives on, by the scores of all nodes: immutable, as a ring is. */
export interface Rendezvous {
  /** The members, drained ones included, in the order of their ids' UTF-16 code units. */
  readonly nodes: readonly RingMember[];
  /** What the hash begins with. */
  readonly seed: number;
  /** Equal in two processes exactly when they agree on seed, members, weights, zones and pins. */
  readonly fingerprint: string;
  /**
   * The id of the node that a key lives on; undefined when no node has a weight.
   *
   * @throws TypeError if the key is not a string.
   */
  nodeFor(key: string): string | undefined;
  /**
   * The ids of up to `n` distinct nodes that a key prefers, best first: fewer only where fewer
   * have a weight. The first is `nodeFor(key)`, and the list is the beginning of that for n + 1.
   *
   * @throws TypeError | RangeError if the key is not a string or `n` not an integer of at least 0.
   */
  nodesFor(key: string, n: number, options?: NodesForOptions): string[];
  /**
   * The same with one node more.
   *
   * @throws TypeError | RangeError if it is no node, or its id is there already.
   */
  with(node: string | RingNode): Rendezvous;
  /**
   * The same with one node less. Pins to it stay, for when it comes back.
   *
   * @throws RangeError if there is no such node.
   */
  without(id: string): Rendezvous;
  /**
   * The same on which a node has another weight.
   *
   * @throws TypeError | RangeError if there is no such node, or it is no weight.
   */
  reweigh(id: string, weight: number): Rendezvous;
}

const algorithm = 'gabion rendezvous 1: murmur3_x86_32';

/**
 * Creates weighted rendezvous hashing: a key lives on the node of the highest score, which is
 * −weight / ln(hash of key and node) (the logarithmic method of Schindelhauer and Schomaker).
 * Shares are in proportion to weights, whatever these are; an answer costs a hash for each node.
 *
 * @throws TypeError | RangeError if a node or an option is not what it must be, or an id comes
 *   twice.
 */
export function createRendezvous(
  nodes: readonly (string | RingNode)[],
  options: PlacementOptions = {},
): Rendezvous {
  const placement = settlePlacement('createRendezvous', options);
  return rendezvousOf(membersOf('createRendezvous', nodes), placement);
}

function rendezvousOf(members: readonly RingMember[], placement: Placement): Rendezvous {
  const { seed } = placement;
  const pinned = pinnedMembers(placement.pins, members);
  const scores = createScores(members, seed);
  let fingerprint: string | undefined;
  let zones: Zones | undefined;
  return Object.freeze({
    nodes: Object.freeze(members),
    seed,
    get fingerprint() {
      fingerprint ??= fingerprintOf(algorithm, members, placement);
      return fingerprint;
    },
    nodeFor(key: string) {
      if (typeof key !== 'string') throw noText('rendezvous.nodeFor', key);
      return members[pinned?.get(key) ?? scores.best(key)]?.id;
    },
    nodesFor(key: string, n: number, options?: NodesForOptions) {
      if (typeof key !== 'string') throw noText('rendezvous.nodesFor', key);
      const preference = scores.preference(key, pinned?.get(key));
      const first = ranked('rendezvous.nodesFor', preference, n, {
        options,
        zones: () => (zones ??= zonesOf(members)),
      });
      return first.map((member) => (members[member] as RingMember).id);
    },
    with(node: string | RingNode) {
      const member = memberOf('rendezvous.with', 'node', node);
      return rendezvousOf(added('rendezvous.with', members, member), placement);
    },
    without: (id: string) => rendezvousOf(removed('rendezvous.without', members, id), placement),
    reweigh(id: string, weight: number) {
      return rendezvousOf(reweighed('rendezvous.reweigh', members, id, weight), placement);
    },
  });
}

/** The scores of all members for a key. */
interface Scores {
  /** The index of the member with the highest one, the first of equals; −1 if nobody has one. */
  best(key: string): number;
  /** The members by falling scores, after the one that the key is pinned to. */
  preference(key: string, pinned: number | undefined): Preference;
}

function createScores(members: readonly RingMember[], seed: number): Scores {
  const owning = members.map((_, i) => i).filter((i) => (members[i] as RingMember).weight > 0);
  // Two hashes of each id: with one, two nodes of a thousand would be twins once in 9 000 times.
  const first = Uint32Array.from(members, ({ id }) => murmur3(id, seed));
  const second = Uint32Array.from(members, ({ id }) => murmur3(id, ~seed));

  function score(position: number, member: number): number {
    const hash = murmur3Words(position, second[member] as number, first[member] as number);
    return -(members[member] as RingMember).weight / lnOfHash(hash);
  }

  return {
    best(key) {
      const position = murmur3(key, seed);
      let best = -1;
      let highest = -1;
      for (const member of owning) {
        const own = score(position, member);
        if (own <= highest) continue;
        best = member;
        highest = own;
      }
      return best;
    },
    preference(key, pinned) {
      const position = murmur3(key, seed);
      const scored = owning.map((member) => ({ member, own: score(position, member) }));
      scored.sort((a, b) => b.own - a.own || a.member - b.member);
      return (visit) => {
        if (pinned !== undefined && !visit(pinned)) return;
        for (const { member } of scored) if (member !== pinned && !visit(member)) return;
      };
    },
  };
}
