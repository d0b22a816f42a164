/** One limit, as all candidates are given it. */
export interface Terms {
  /** The longest burst. */
  readonly capacity: number;
  /** Tokens that come back in each period. */
  readonly tokens: number;
  /** The period, in milliseconds. */
  readonly everyMs: number;
}

/** The longest window that timers of Node can hold; some peers set one for each window. */
const longestWindowMs = 24 * 60 * 60 * 1_000;

/**
 * The same limit for a peer that counts requests in fixed windows: `capacity` in the time that an
 * empty bucket needs to fill up.
 */
export function windowOf({ capacity, tokens, everyMs }: Terms): { count: number; ms: number } {
  return { count: capacity, ms: Math.min((capacity * everyMs) / tokens, longestWindowMs) };
}
