import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger, requireNumber, type StoreUnavailableError, show } from '@gabion/contract';
import type { LimitOptions, Refill } from '../limit.js';
import { memoryBucketStore } from '../memory.js';
import type { BucketStore } from '../store.js';
import { requireName } from './arguments.js';
import type { OnStoreError } from './fallback.js';

/** What every bucket can be told. */
export interface CommonOptions {
  /**
   * What the bucket is called in keys, headers and events: 1 to 64 printable ASCII characters.
   * Buckets of one name share their levels where they share a store.
   * @defaultValue `'token-bucket'`
   */
  readonly name?: string | undefined;
  /** Where the levels live. @defaultValue `memoryBucketStore({ clock })`: this process alone */
  readonly store?: BucketStore | undefined;
  /** Measures deadlines and waits; a store has its own. @defaultValue `systemClock` */
  readonly clock?: Clock | undefined;
  /** The longest a decision may take, in milliseconds, 1 to 2^31 − 1. @defaultValue 100 */
  readonly deadlineMs?: number | undefined;
  /** What is answered while the store cannot be reached. @defaultValue `'throw'` */
  readonly onStoreError?: OnStoreError | undefined;
  /**
   * How often a broken store is asked again, in milliseconds; the calls in between are answered
   * at once by `onStoreError`. @defaultValue 1 000
   */
  readonly probeEveryMs?: number | undefined;
  /** The most callers that may wait at once, over all keys of this bucket. @defaultValue 10 000 */
  readonly maxWaiters?: number | undefined;
  /** Hears what happens. */
  readonly observer?: TokenBucketObserver | undefined;
}

/** A bucket with one limit, which is called as the bucket is. */
export interface SingleLimitOptions extends CommonOptions {
  /** The most tokens the bucket can hold, so the longest burst: a whole number, at least 1. */
  readonly capacity: number;
  /** How tokens come back. */
  readonly refill: Refill;
  /** Not together with `capacity`. */
  readonly limits?: undefined;
}

/** A bucket with several limits: a take needs its tokens from each of them. */
export interface SeveralLimitsOptions extends CommonOptions {
  /** One to sixteen limits with different names. */
  readonly limits: readonly LimitOptions[];
  /** Not together with `limits`. */
  readonly capacity?: undefined;
  /** Not together with `limits`. */
  readonly refill?: undefined;
}

/** Options of `createTokenBucket`. */
export type TokenBucketOptions = SingleLimitOptions | SeveralLimitsOptions;

/** Hears what happens to a bucket. What an observer throws is dropped. */
export interface TokenBucketObserver {
  /**
   * The memory store dropped a level to stay within `maxKeys`: that key has a full bucket again.
   * `name` is the dropped level's bucket, which may be another one of the same store.
   */
  evicted?(event: {
    readonly name: string;
    readonly key: string;
    readonly limit: string;
    readonly remaining: number;
    readonly atMs: number;
  }): void;
  /** The store failed a call and counts as broken. */
  storeFailed?(event: {
    readonly name: string;
    readonly key: string;
    readonly error: StoreUnavailableError;
    readonly atMs: number;
  }): void;
  /** The store answered again. */
  storeRecovered?(event: {
    readonly name: string;
    readonly key: string;
    readonly atMs: number;
  }): void;
}

/** What is taken where an option is left out. */
export const defaults = Object.freeze({
  name: 'token-bucket',
  deadlineMs: 100,
  onStoreError: 'throw',
  probeEveryMs: 1_000,
  maxWaiters: 10_000,
} as const);

/** The options with every default in its place, checked. */
export function settle(fn: string, options: TokenBucketOptions) {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${fn}: options must be an object, got ${show(options)}`);
  }
  const { clock = systemClock, observer } = options;
  const name = requireName(fn, 'name', options.name ?? defaults.name);
  const { deadlineMs = defaults.deadlineMs, probeEveryMs = defaults.probeEveryMs } = options;
  const { maxWaiters = defaults.maxWaiters, onStoreError = defaults.onStoreError } = options;
  requireNumber(fn, 'deadlineMs', deadlineMs, atLeastOneMs);
  requireNumber(fn, 'probeEveryMs', probeEveryMs, atLeastOneMs);
  requireInteger(fn, 'maxWaiters', maxWaiters, { min: 0 });
  const store = requireStore(fn, options.store ?? memoryBucketStore({ clock }));
  return { name, clock, observer, store, deadlineMs, probeEveryMs, maxWaiters, onStoreError };
}

const atLeastOneMs = { min: 1, max: 2 ** 31 - 1 };

function requireStore(fn: string, store: BucketStore): BucketStore {
  if (typeof store?.take === 'function') return store;
  throw new TypeError(`${fn}: store must have a take method, got ${show(store)}`);
}
