/**
 * A token-bucket rate limiter: exact in integers, with a tight Retry-After, in memory or on Redis.
 *
 * @packageDocumentation
 */
export type { Clock } from '@gabion/clock';
export { StoreLayoutError, StoreUnavailableError, TooManyWaitersError } from './errors.js';
export type { Limit, LimitOptions, Refill } from './limit.js';
export { type MemoryBucketStoreOptions, memoryBucketStore } from './memory.js';
export type { Allowed, LimitStanding, Refused, Standing, TakeResult } from './result.js';
export type { Keys } from './shell/arguments.js';
export type { LocalShare, OnStoreError } from './shell/fallback.js';
export type {
  CommonOptions,
  SeveralLimitsOptions,
  SingleLimitOptions,
  TokenBucketObserver,
  TokenBucketOptions,
} from './shell/options.js';
export type {
  BucketDefinition,
  BucketStore,
  Denied,
  Evicted,
  Granted,
  StoreCallOptions,
  SyncBucketStore,
  TakeRequest,
  Verdict,
} from './store.js';
export {
  type AbortableTakeOptions,
  createTokenBucket,
  type SyncTokenBucket,
  type TakeOptions,
  type TokenBucket,
  type WaitOptions,
} from './token-bucket.js';
