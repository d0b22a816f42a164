/** A key and how much it weighs, with bounds that always hold. */
export interface HotKey {
  /** The key. */
  readonly key: string;
  /** The most that it weighs: what was recorded for it, halved with every half-life. */
  readonly weight: number;
  /** By how much `weight` may be too large; at most total / capacity. */
  readonly error: number;
  /** The largest share of everything recorded that it may have, from 0 to 1. */
  readonly share: number;
  /** The share that it surely has. */
  readonly leastShare: number;
}

/** A key's weight and error. */
export interface Weighed {
  readonly weight: number;
  readonly error: number;
}

/** What has no counter. */
export const nothing: Weighed = Object.freeze({ weight: 0, error: 0 });

/**
 * Adds a counter of one process. A key that has none there may have weighed `unseen` there; so
 * sums are of what is above that, and everybody's `unseen` is added to all of them in the end.
 */
export function add(sum: Weighed, one: Weighed, unseen: number): Weighed {
  return { weight: sum.weight + one.weight - unseen, error: sum.error + one.error - unseen };
}

/** What all processes counted, and the units that it is in. */
export interface Everything {
  readonly total: number;
  readonly unseen: number;
  /** A weight of 1 is stored as so much. */
  readonly boost: number;
}

/** A key as it is shown. */
export function toHotKey(key: string, sum: Weighed, { total, unseen, boost }: Everything): HotKey {
  const weight = Math.max(0, sum.weight + unseen);
  // Within its bounds, though the last bit of a difference may not be.
  const error = Math.min(weight, Math.max(0, sum.error + unseen));
  const part = (of: number) => (total > 0 ? Math.min(1, of / total) : 0);
  return {
    key,
    weight: weight / boost,
    error: error / boost,
    share: part(weight),
    leastShare: part(weight - error),
  };
}
