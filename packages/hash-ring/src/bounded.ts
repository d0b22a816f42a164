import { requireNumber, show } from '@gabion/contract';
import { compareText, type RingMember } from './ring/members.js';

/** What a bounded ring asks of the ring below: a hash ring answers it, and so does rendezvous. */
export interface RankedNodes {
  /** The members. */
  readonly nodes: readonly RingMember[];
  /** The node that a key lives on. */
  nodeFor(key: string): string | undefined;
  /** The distinct nodes that a key prefers, best first. */
  nodesFor(key: string, n: number): readonly string[];
}

/** Options of `createBoundedRing`. */
export interface BoundedRingOptions {
  /**
   * How much of its fair share of all that is held a node may hold, rounded up: at least 1.
   * Near 1 loads are even and keys wander; at 2 hardly any key leaves home. @defaultValue 1.25
   */
  readonly loadFactor?: number | undefined;
}

/** A place on a node, until it is released. */
export interface Held {
  /** The node. */
  readonly node: string;
  /** Gives the place back; a second call does nothing. */
  release(): void;
}

/** What a node holds. */
export interface NodeLoad {
  /** The node. */
  readonly id: string;
  /** How many places on it are held. */
  readonly held: number;
  /** Whether it is on the ring still; one that has left counts until all is released. */
  readonly present: boolean;
}

/** Consistent hashing with bounded loads: a key goes to the first node it prefers that has room. */
export interface BoundedRing {
  /** The ring below, as it was given last. */
  readonly ring: RankedNodes;
  /**
   * Takes a place on the first of the key's nodes that then holds at most
   * `ceil(loadFactor · (m + 1) · weight / weights)`, where m places are held so far; undefined
   * only when no node has a weight.
   *
   * @throws TypeError if the key is not a string.
   */
  acquire(key: string): Held | undefined;
  /**
   * Goes on with another ring. What is held stays held, on nodes that have left as well: those
   * places count in m until they are released.
   */
  update(next: RankedNodes): void;
  /** What is held where, by id: all nodes that are on the ring or hold something. */
  loads(): readonly NodeLoad[];
}

/** What is taken where an option is left out. */
const defaults = Object.freeze({ loadFactor: 1.25 } as const);

/**
 * Creates a ring whose nodes hold no more than `loadFactor` times their fair share (Mirrokni,
 * Thorup and Zadimoghaddam). It counts what is held in this process: give each process its own.
 *
 * @throws TypeError | RangeError if `ring` is no ring, or `loadFactor` no number of at least 1.
 */
export function createBoundedRing(
  ring: RankedNodes,
  options: BoundedRingOptions = {},
): BoundedRing {
  const { loadFactor = defaults.loadFactor } = options;
  requireNumber('createBoundedRing', 'loadFactor', loadFactor, { min: 1, max: Number.MAX_VALUE });
  let below = requireRing('createBoundedRing', 'ring', ring);
  let weights = weightsOf(below);
  const held = new Map<string, number>();
  let total = 0;

  /** Whether the node, one place fuller, is within its share: n + 1 ≤ ⌈x⌉ exactly when n < x. */
  function hasRoom(node: string): boolean {
    const fair = loadFactor * (total + 1) * (weights.byId.get(node) as number);
    return (held.get(node) ?? 0) * weights.sum < fair;
  }

  function take(node: string): Held {
    held.set(node, (held.get(node) ?? 0) + 1);
    total += 1;
    let isHeld = true;
    return {
      node,
      release() {
        if (!isHeld) return;
        isHeld = false;
        total -= 1;
        const left = (held.get(node) as number) - 1;
        if (left === 0) held.delete(node);
        else held.set(node, left);
      },
    };
  }

  /** Somebody has room: if all had their share, more than all that is held would be held. */
  function nextWithRoom(key: string): string {
    for (let asked = 4; ; asked *= 4) {
      const node = below.nodesFor(key, asked).find(hasRoom);
      if (node !== undefined) return node;
    }
  }

  return {
    get ring() {
      return below;
    },
    acquire(key) {
      const home = below.nodeFor(key);
      if (home === undefined) return undefined;
      return take(hasRoom(home) ? home : nextWithRoom(key));
    },
    update(next) {
      below = requireRing('bounded.update', 'next', next);
      weights = weightsOf(below);
    },
    loads() {
      const ids = new Set([...weights.byId.keys(), ...held.keys()]);
      return [...ids].sort(compareText).map((id) => {
        return { id, held: held.get(id) ?? 0, present: weights.byId.has(id) };
      });
    },
  };
}

function weightsOf({ nodes }: RankedNodes) {
  const byId = new Map(nodes.map(({ id, weight }) => [id, weight]));
  return { byId, sum: nodes.reduce((sum, { weight }) => sum + weight, 0) };
}

function requireRing(fn: string, argument: string, ring: RankedNodes): RankedNodes {
  if (typeof ring?.nodesFor === 'function') return ring;
  throw new TypeError(`${fn}: ${argument} must be a ring, got ${show(ring)}`);
}
