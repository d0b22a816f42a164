import type { RingMember } from './members.js';

/** The zones of those members that own keys, drained ones apart. */
export interface Zones {
  /** The zone of each member, by their indices; a member without one is its own. */
  readonly of: Uint32Array;
  /** How many zones have more than r members, by r. */
  readonly widths: readonly number[];
}

/** Numbers the zones of members. */
export function zonesOf(members: readonly RingMember[]): Zones {
  const numbers = new Map<string, number>();
  const of = new Uint32Array(members.length);
  const sizes: number[] = [];
  for (const [i, { zone, weight }] of members.entries()) {
    if (weight === 0) continue;
    const number = (zone === undefined ? undefined : numbers.get(zone)) ?? sizes.length;
    if (zone !== undefined) numbers.set(zone, number);
    of[i] = number;
    sizes[number] = (sizes[number] ?? 0) + 1;
  }
  const widths: number[] = [];
  for (const size of sizes) for (let r = 0; r < size; r += 1) widths[r] = (widths[r] ?? 0) + 1;
  return { of, widths };
}

/**
 * How many of the first `n` are a zone's first, second, third … member: every zone has its first
 * before any has its second.
 */
export function quotasOf(n: number, { widths }: Zones): number[] {
  const quotas: number[] = [];
  for (let left = n, r = 0; left > 0 && r < widths.length; r += 1) {
    const quota = Math.min(left, widths[r] as number);
    quotas.push(quota);
    left -= quota;
  }
  return quotas;
}
