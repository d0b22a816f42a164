import type { Limit } from './limit.js';
import type { LimitStanding } from './result.js';

/** A bucket as a store sees it: one object per bucket, the same at every call. */
export interface BucketDefinition {
  /** The bucket's name; with a limit's name and a key it names one level. */
  readonly name: string;
  /** Its limits, in the order of construction. */
  readonly limits: readonly Limit[];
}

/** One question to a store. */
export interface TakeRequest {
  /** The bucket that is asked. */
  readonly bucket: BucketDefinition;
  /** The key of each limit, in the order of the limits. */
  readonly keys: readonly string[];
  /** Whole tokens to take from each limit; 0 only looks, a negative number gives back. */
  readonly cost: number;
  /** False: answer as if, and change nothing. */
  readonly commit: boolean;
}

/** A level that had to go because the store is full. */
export interface Evicted {
  /** The name of its bucket, which need not be the one that was asked. */
  readonly name: string;
  /** The key whose level was dropped. */
  readonly key: string;
  /** The name of its limit. */
  readonly limit: string;
  /** The whole tokens it held; it holds the full capacity now. */
  readonly remaining: number;
}

/** What every answer of a store says. */
interface Answer {
  /** The instant of the decision on the store's clock, in whole epoch milliseconds. */
  readonly atMs: number;
  /** How each limit stands after the decision, in the order of the request. */
  readonly limits: readonly LimitStanding[];
  /** What the store dropped to make room; absent when nothing. */
  readonly evicted?: readonly Evicted[] | undefined;
}

/** Every limit had the tokens, and gave them if the request was to commit. */
export interface Granted extends Answer {
  /** Every limit had the tokens. */
  readonly allowed: true;
}

/** At least one limit lacked the tokens, and none gave any. */
export interface Denied extends Answer {
  /** At least one limit lacked the tokens. */
  readonly allowed: false;
  /**
   * Of each limit: 0 when it would have given, else the milliseconds until it would, or `null`
   * when it never will because the cost exceeds its capacity.
   */
  readonly retryAfterMs: readonly (number | null)[];
}

/** A store's answer. */
export type Verdict = Granted | Denied;

/** How long a store may take. */
export interface StoreCallOptions {
  /** The time until the caller's deadline, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the wait for a reply; the request may still take effect. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where levels live: one atomic verb.
 *
 * `take` looks at the level of each limit at one instant of the store's own clock, and, if every
 * limit has `cost` tokens and `commit` is true, takes them from all; otherwise from none. Between
 * the look and the taking nobody else's take can fall. It answers as the pure core (`settle`,
 * `drain`, `msUntil`) answers for that instant, whatever the clock did before. A refusal, a cost
 * of 0 and `commit: false` write nothing and create nothing. A level that is full is not kept.
 *
 * A call that fails rejects with a `STORE_UNAVAILABLE` error, whose `effect` is `'none'` only
 * when it is certain that nothing was taken. The laws are at `./conformance`.
 */
export interface BucketStore {
  /** Takes from every limit of the request or from none. */
  take(request: TakeRequest, options: StoreCallOptions): Promise<Verdict>;
  /** The same without a promise, where the store is in this process. */
  takeSync?(request: TakeRequest): Verdict;
  /** True when `take` itself ends within `timeoutMs`, so that nobody else needs to time it. */
  readonly keepsDeadlines?: boolean;
}

/** A store that can also answer at once. */
export interface SyncBucketStore extends BucketStore {
  takeSync(request: TakeRequest): Verdict;
}
