import { show } from '@gabion/contract';
import type { RingMember } from '../ring/members.js';

/** What a salter asks of a ring: a hash ring and a rendezvous both have it. */
export interface SaltRing {
  /** The members; those of weight 0 own nothing. */
  readonly nodes: readonly Pick<RingMember, 'weight'>[];
  /** The node of a key: the first of `nodesFor`. */
  nodeFor(key: string): string | undefined;
  /** Up to `n` distinct nodes for a key: the list for n is the beginning of that for n + 1. */
  nodesFor(key: string, n: number): readonly string[];
}

/** A salt that lives on another node in another ring. */
export interface SeatMove {
  /** The salt: 0 is the plain key. */
  readonly salt: number;
  /** The salted key whose data has to move. */
  readonly key: string;
  /** The node that has it; `undefined` when the ring is empty. */
  readonly source: string | undefined;
  /** The node that gets it; `undefined` when the next ring is empty. */
  readonly target: string | undefined;
}

/**
 * The nodes of a key's salts 0 to `salts − 1`: the key's own ranked nodes, each of them once
 * before any of them twice.
 */
export function seatsOf(ring: SaltRing, key: string, salts: number): (string | undefined)[] {
  const ranked = ring.nodesFor(key, salts);
  return Array.from({ length: salts }, (_, salt) => ranked[salt % ranked.length]);
}

/** Salts of how many keys are remembered: those that are hot are few. */
const mostRemembered = 1_024;

/** The node of one salt of a key, with a memory, for a hot key is asked for all the time. */
export function createSeats(ring: SaltRing, maxSalts: number) {
  const remembered = new Map<string, readonly (string | undefined)[]>();
  return (key: string, salt: number): string | undefined => {
    if (salt === 0) return ring.nodeFor(key);
    let seats = remembered.get(key);
    if (seats === undefined) {
      seats = seatsOf(ring, key, maxSalts);
      if (remembered.size === mostRemembered) remembered.clear();
      remembered.set(key, seats);
    }
    return seats[salt];
  };
}

/** How many nodes carry load. */
export function liveNodes({ nodes }: SaltRing): number {
  return nodes.reduce((live, { weight }) => (weight > 0 ? live + 1 : live), 0);
}

/** Returns a ring if it can be asked for nodes; throws otherwise. */
export function requireRing(fn: string, argument: string, ring: unknown): SaltRing {
  const { nodeFor, nodesFor, nodes } = (ring ?? {}) as Partial<SaltRing>;
  const asks = typeof nodeFor === 'function' && typeof nodesFor === 'function';
  if (asks && Array.isArray(nodes)) return ring as SaltRing;
  throw new TypeError(`${fn}: ${argument} must be a ring, got ${show(ring)}`);
}
