import { requireOneOf, show } from '@gabion/contract';
import type { TakeResult } from '../result.js';
import type { Keys } from '../shell/arguments.js';

/** The form of the RateLimit fields: the option `draft` says what each one is. */
export type RateLimitDraft = 11 | 'proposed-12';

/** The statuses that a refusal may have: 429 Too Many Requests or 503 Service Unavailable. */
export type RefusalStatus = 429 | 503;

/** Every default of the HTTP side, in one place. */
export const httpDefaults = Object.freeze({
  as: 'seconds',
  draft: 11,
  status: 429,
  cost: 1,
  trustedProxies: 0,
  ipv6PrefixBits: 56,
} as const);

/** What a middleware asks of a bucket: any `TokenBucket` has it. */
export interface Taker {
  /** Takes `cost` tokens for the key, or refuses. */
  take(key: Keys, options?: { readonly cost?: number }): Promise<TakeResult>;
}

/** Returns `draft` if the fields can be written in its form; throws otherwise. */
export function requireDraft(fn: string, draft: unknown = httpDefaults.draft): RateLimitDraft {
  return requireOneOf(fn, 'draft', draft, [11, 'proposed-12'] as const);
}

/** Returns `status` if a refusal may have it; throws otherwise. */
export function requireStatus(fn: string, status: unknown = httpDefaults.status): RefusalStatus {
  return requireOneOf(fn, 'status', status, [429, 503] as const);
}

/** Returns `value` if it can be called; throws otherwise. */
export function requireFunction<F>(fn: string, argument: string, value: F): F {
  if (typeof value === 'function') return value;
  throw new TypeError(`${fn}: ${argument} must be a function, got ${show(value)}`);
}

/** Returns `bucket` if tokens can be taken from it; throws otherwise. */
export function requireBucket(fn: string, bucket: Taker): Taker {
  requireFunction(fn, 'bucket.take', (bucket as Taker | undefined)?.take);
  return bucket;
}
