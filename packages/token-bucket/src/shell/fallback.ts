import type { Clock } from '@gabion/clock';
import {
  requireNumber,
  requireOneOf,
  type StoreProbe,
  type StoreUnavailableError,
} from '@gabion/contract';
import { defineLimit, type LimitOptions } from '../limit.js';
import { memoryBucketStore } from '../memory.js';
import { type TakeResult, toResult } from '../result.js';
import type { BucketDefinition, TakeRequest } from '../store.js';

/**
 * What a bucket answers while its store cannot be reached:
 * - `'throw'`: rejects with the `STORE_UNAVAILABLE` error.
 * - `'allow'` or `'deny'`: that, without counting.
 * - `{ local: share }`: this process's own count of that share of the limits, and of one token at
 *   least. With n processes, a share of 1 / n and a capacity of n or more, the fleet admits no
 *   more than the limits.
 */
export type OnStoreError = 'throw' | 'allow' | 'deny' | LocalShare;

/** This process's share of the limits. */
export interface LocalShare {
  /** The share: 0.000001 to 1. */
  readonly local: number;
}

/** Answers in place of a store that failed. */
export type Fallback = (request: TakeRequest, error: StoreUnavailableError) => TakeResult;

/** Creates what answers in place of the store. */
export function createFallback(
  fn: string,
  policy: OnStoreError,
  limits: readonly LimitOptions[],
  bucket: BucketDefinition,
  { clock, probe }: { clock: Clock; probe: StoreProbe },
): Fallback {
  if (typeof policy === 'object' && policy !== null) {
    const answer = localShare(fn, policy.local, limits, bucket, clock);
    return (request) => waitForProbe(answer(request), request, probe);
  }
  requireOneOf(fn, 'onStoreError', policy, ['throw', 'allow', 'deny'] as const);
  if (policy === 'throw') {
    return (_, error) => {
      throw error;
    };
  }
  const limitless = bucket.limits.map(({ name, capacity, windowMs }) => {
    return { name, capacity, windowMs, remaining: 0, resetAfterMs: 0 };
  });
  return ({ cost }) => {
    const atMs = Math.floor(clock.wallNow());
    const allowed = policy === 'allow' || cost <= 0;
    if (allowed) return toResult({ allowed, atMs, limits: limitless }, 'policy');
    const retryAfterMs = limitless.map(() => untilProbe(probe));
    const refused = toResult({ allowed, atMs, limits: limitless, retryAfterMs }, 'policy');
    return { ...refused, violated: [] } as TakeResult;
  };
}

/** A bucket of this process alone, with a share of the capacity and of the refill, rounded down. */
function localShare(
  fn: string,
  share: number,
  limits: readonly LimitOptions[],
  { name }: BucketDefinition,
  clock: Clock,
): (request: TakeRequest) => TakeResult {
  requireNumber(fn, 'onStoreError.local', share, { min: 1e-6, max: 1 });
  const bucket = {
    name,
    limits: limits.map(({ name, capacity, refill: { tokens, everyMs } }) =>
      defineLimit(fn, {
        name,
        capacity: Math.max(1, Math.floor(capacity * share)),
        refill: { tokens, everyMs: Math.ceil(everyMs / share) },
      }),
    ),
  };
  const store = memoryBucketStore({ clock });
  return (request) => toResult(store.takeSync({ ...request, bucket }), 'local');
}

/** A cost above the share may be had again as soon as the store is back, so not "never". */
function waitForProbe(
  result: TakeResult,
  { bucket: { limits }, cost }: TakeRequest,
  probe: StoreProbe,
): TakeResult {
  if (result.allowed || result.retryAfterMs !== null) return result;
  const isPossible = limits.every(({ capacity }) => cost <= capacity);
  return isPossible ? { ...result, retryAfterMs: untilProbe(probe) } : result;
}

function untilProbe(probe: StoreProbe): number {
  return Math.max(1, probe.probeInMs);
}
