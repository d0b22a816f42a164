import type { Verdict } from './store.js';

/** Where one limit stands after a decision. */
export interface LimitStanding {
  /** The limit's name: the bucket's own name when the bucket has a single limit. */
  readonly name: string;
  /** The most tokens it can hold: the longest burst. */
  readonly capacity: number;
  /** The time an empty bucket needs to become full, in milliseconds, rounded up. */
  readonly windowMs: number;
  /** Whole tokens left, 0 to `capacity`. */
  readonly remaining: number;
  /** The time until it is full again if nobody takes, in milliseconds; 0 when full. */
  readonly resetAfterMs: number;
}

/** What every decision says, whichever way it went. Top-level figures are the tightest limit's. */
export interface Standing {
  /** Whole tokens left in the tightest limit. */
  readonly remaining: number;
  /** The capacity of the tightest limit. */
  readonly limit: number;
  /**
   * The name of the tightest limit: of those that refused the last to give way, else the one with
   * the fewest tokens left.
   */
  readonly policy: string;
  /** The time until the tightest limit is full again if nobody takes, in milliseconds. */
  readonly resetAfterMs: number;
  /** Every limit, in the order of construction. */
  readonly limits: readonly LimitStanding[];
  /**
   * Who decided: the `store`; this process's own share (`local`), or nobody's count at all
   * (`policy`: `onStoreError` is `'allow'` or `'deny'`), while the store cannot be reached.
   */
  readonly source: 'store' | 'local' | 'policy';
  /** True when the store did not decide, so the figures are this process's guess. */
  readonly degraded: boolean;
  /** The instant of the decision on the store's clock, in whole epoch milliseconds. */
  readonly atMs: number;
}

/** The tokens were taken. */
export interface Allowed extends Standing {
  /** Every limit had the tokens. */
  readonly allowed: true;
}

/** Nothing was taken. */
export interface Refused extends Standing {
  /** At least one limit lacked the tokens, or nobody could be asked. */
  readonly allowed: false;
  /**
   * The shortest wait, in milliseconds, after which the same take succeeds if nobody else takes.
   * `null`: it can never succeed, because the cost exceeds a capacity.
   */
  readonly retryAfterMs: number | null;
  /** The name of every limit that refused. Empty when a broken store was the reason. */
  readonly violated: readonly string[];
}

/** The answer to a take. */
export type TakeResult = Allowed | Refused;

/** Makes the answer of a store's verdict. */
export function toResult(verdict: Verdict, source: Standing['source']): TakeResult {
  const { atMs, limits } = verdict;
  const degraded = source !== 'store';
  if (verdict.allowed) {
    const { remaining, capacity, name, resetAfterMs } = limits[fewest(limits)] as LimitStanding;
    // Written out, here and in the stores, since it is made for every decision.
    return {
      allowed: true,
      remaining,
      limit: capacity,
      policy: name,
      resetAfterMs,
      limits,
      source,
      degraded,
      atMs,
    };
  }
  const { retryAfterMs: waits } = verdict;
  const { remaining, capacity, name, resetAfterMs } = limits[longest(waits)] as LimitStanding;
  return {
    allowed: false,
    remaining,
    limit: capacity,
    policy: name,
    resetAfterMs,
    limits,
    retryAfterMs: waits[longest(waits)] as number | null,
    violated: limits.filter((_, i) => waits[i] !== 0).map((limit) => limit.name),
    source,
    degraded,
    atMs,
  };
}

/** The limit with the fewest tokens left. */
function fewest(limits: readonly LimitStanding[]): number {
  let best = 0;
  for (let i = 1; i < limits.length; i += 1) {
    if ((limits[i] as LimitStanding).remaining < (limits[best] as LimitStanding).remaining)
      best = i;
  }
  return best;
}

/** The limit that refuses longest; one that refuses for ever before all others. */
function longest(waits: readonly (number | null)[]): number {
  let best = 0;
  for (let i = 1; i < waits.length; i += 1) {
    if ((waits[i] ?? Infinity) > (waits[best] ?? Infinity)) best = i;
  }
  return best;
}
