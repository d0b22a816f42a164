import type { Points } from './points.js';

/**
 * The circle in 2^n equal buckets, one to two for each point. About half have no point within, so
 * their positions have one owner, who is known without a look at any point; in the others the
 * point of a position is a step or two away, where a binary search takes a step for each doubling.
 */
export interface Buckets {
  /** `~owner` of a bucket that has one, else its first point. */
  readonly homes: Int32Array;
  /** A position's bucket is the position shifted right by so many bits, 31 at most. */
  readonly shift: number;
}

/** Sorts the points into buckets. */
export function bucketsOf({ count, positions, owners }: Points): Buckets {
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(1, count))));
  const shift = 32 - bits;
  const homes = new Int32Array(2 ** bits);
  let point = 0;
  for (let bucket = 0; bucket < homes.length; bucket += 1) {
    const last = ((bucket + 1) * 2 ** shift - 1) >>> 0;
    // A point on the last position owns all that come before it, as one further on does.
    const isWhole = point === count || (positions[point] as number) >= last;
    homes[bucket] = isWhole ? ~(owners[point] as number) : point;
    while (point < count && (positions[point] as number) <= last) point += 1;
  }
  return { homes, shift };
}

/** The first point at or after a position; past the last point, the one that closes the circle. */
export function pointAt({ count, positions }: Points, position: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] as number) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
