import { show } from '@gabion/contract';
import { balanceOf, type RingBalance } from './ring/balance.js';
import { added, removed, reweighed } from './ring/changes.js';
import { type Compared, diffOf, type RingDiff } from './ring/diff.js';
import { fingerprintOf } from './ring/fingerprint.js';
import { lookupOf } from './ring/lookup.js';
import {
  type HashRingOptions,
  memberOf,
  membersOf,
  type RingMember,
  type RingNode,
  settleRing,
} from './ring/members.js';
import type { NodesForOptions } from './ring/ranking.js';
import { drawn, type RingState, redrawn } from './ring/state.js';

/** Which node a key lives on: immutable, so it may be shared, kept and compared. */
export interface HashRing {
  /** The members, drained ones included, in the order of their ids' UTF-16 code units. */
  readonly nodes: readonly RingMember[];
  /** Points of a node of weight 1. */
  readonly vnodes: number;
  /** What the hash begins with. */
  readonly seed: number;
  /**
   * Equal in two processes exactly when they agree on algorithm, seed, vnodes, members, weights,
   * zones and pins: 64 hexadecimal digits.
   */
  readonly fingerprint: string;
  /**
   * The id of the node that a key lives on; undefined when no node has a weight.
   *
   * @param key - Any text, the empty one too. A lone surrogate counts as U+FFFD.
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
  /** Where on the circle a key lies, 0 to 2^32 − 1; a pin is not looked at. */
  positionOf(key: string): number;
  /**
   * A new ring with one node more.
   *
   * @throws TypeError | RangeError if it is no node, or its id is on the ring already.
   */
  with(node: string | RingNode): HashRing;
  /**
   * A new ring with one node less. Pins to it stay, for when it comes back.
   *
   * @throws RangeError if there is no such node.
   */
  without(id: string): HashRing;
  /**
   * A new ring on which a node has another weight.
   *
   * @throws TypeError | RangeError if there is no such node, or it is no weight.
   */
  reweigh(id: string, weight: number): HashRing;
  /**
   * What moves from this ring to the next one.
   *
   * @throws TypeError if that is no ring, or one of another copy of this package.
   * @throws RangeError if it has another seed: then every key has another position.
   */
  diff(next: HashRing): RingDiff;
  /** How evenly this ring shares out the circle, pins apart, and what could be done about it. */
  balance(): RingBalance;
}

const algorithm = 'gabion ring 1: murmur3_x86_32';
const states = new WeakMap<HashRing, RingState>();

/**
 * Creates a ring: every key lives on the node whose point is the first at or after its position.
 *
 * @param nodes - The members, in any order: ids, or nodes with weights and zones.
 * @throws TypeError | RangeError if a node or an option is not what it must be, an id comes
 *   twice, or there were more than 2^24 points.
 */
export function createHashRing(
  nodes: readonly (string | RingNode)[],
  options: HashRingOptions = {},
): HashRing {
  const settings = settleRing('createHashRing', options);
  return ringOf(drawn('createHashRing', membersOf('createHashRing', nodes), settings));
}

function ringOf(state: RingState): HashRing {
  const { members, settings } = state;
  const { vnodes, seed } = settings;
  let fingerprint: string | undefined;
  const ring: HashRing = {
    nodes: Object.freeze(members),
    vnodes,
    seed,
    get fingerprint() {
      fingerprint ??= fingerprintOf(algorithm, members, settings);
      return fingerprint;
    },
    ...lookupOf(state),
    with(node) {
      const member = memberOf('ring.with', 'node', node);
      return ringOf(redrawn('ring.with', state, added('ring.with', members, member)));
    },
    without(id) {
      return ringOf(redrawn('ring.without', state, removed('ring.without', members, id)));
    },
    reweigh(id, weight) {
      const next = reweighed('ring.reweigh', members, id, weight);
      return ringOf(redrawn('ring.reweigh', state, next));
    },
    diff: (next) => diffOf({ state, nodeFor: ring.nodeFor }, comparable(next, seed)),
    balance: () => balanceOf(state),
  };
  states.set(ring, state);
  return Object.freeze(ring);
}

function comparable(next: HashRing, seed: number): Compared {
  const state = states.get(next);
  if (state === undefined) {
    throw new TypeError(`ring.diff: next must be a ring of createHashRing, got ${show(next)}`);
  }
  if (next.seed !== seed) {
    throw new RangeError(`ring.diff: next must have the seed ${seed}, got ${next.seed}`);
  }
  return { state, nodeFor: next.nodeFor };
}
