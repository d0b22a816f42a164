import { requireInteger, requireNumber } from '@gabion/contract';

/** Options of {@link saltFactor}. */
export interface SaltFactorOptions {
  /** The key's share of all load, from 0 to 1. */
  readonly share: number;
  /** How many nodes carry the load, at least 1. */
  readonly nodes: number;
  /** How far above the mean the hottest node may be, at least 0: 0.1 is a tenth. */
  readonly headroom: number;
}

/**
 * How many salts a key needs so that the node with the most of it stays within
 * (1 + headroom) × the mean: ceil(share·nodes / (share + headroom)), at least 1 and at most
 * `nodes`. Each salt then carries share / S, beside an even part of all that is not this key:
 * share / S + (1 − share) / nodes ≤ (1 + headroom) / nodes.
 *
 * @throws TypeError | RangeError for a figure out of range.
 * @example
 * ```ts
 * import { saltFactor } from '@gabion/hash-ring/salting';
 *
 * console.log(saltFactor({ share: 0.3, nodes: 10, headroom: 0.1 })); // 8
 * ```
 */
export function saltFactor({ share, nodes, headroom }: SaltFactorOptions): number {
  requireNumber('saltFactor', 'share', share, { min: 0, max: 1 });
  requireInteger('saltFactor', 'nodes', nodes, { min: 1 });
  requireNumber('saltFactor', 'headroom', headroom, { min: 0, max: Number.MAX_VALUE });
  if (share === 0) return 1;
  // Decimal fractions are rounded: 0.27 · 4 / (0.27 + 0.09) comes out above 3, and is 3.
  const needed = ((share * nodes) / (share + headroom)) * (1 - 4 * Number.EPSILON);
  return Math.min(nodes, Math.max(1, Math.ceil(needed)));
}

/**
 * The share above which one salt is too few. With a single node nothing is to be gained, so it
 * is a share that no key has.
 */
export function shareOfOneSalt(nodes: number, headroom: number): number {
  return nodes > 1 ? headroom / (nodes - 1) : Number.POSITIVE_INFINITY;
}
