/**
 * `fetch` with retries, a budget for each origin, and `Retry-After` as a floor.
 *
 * @packageDocumentation
 */
import { requireInteger, show } from '@gabion/contract';
import { FetchCall } from './fetch/call.js';
import { type FetchInput, type RetryRequestInit, requestOf } from './fetch/request.js';
import type { Fetch } from './fetch/send.js';
import type { RetrierPool } from './retrier-pool.js';

export type { FetchBody, OpenBody } from './fetch/body.js';
export type { FetchInput, RetryRequestInit } from './fetch/request.js';
export { type ParseRetryAfterOptions, parseRetryAfter } from './fetch/retry-after.js';
export type { Fetch } from './fetch/send.js';

/** Options of `createRetryFetch`. */
export interface RetryFetchOptions {
  /** One retrier for each origin; what it was created with holds for every call. */
  readonly pool: RetrierPool;
  /**
   * What sends each attempt.
   *
   * @defaultValue the global `fetch`, as it is at the time of the attempt
   */
  readonly fetch?: Fetch | undefined;
  /**
   * How much of the body of a discarded answer is read, in bytes, so that its connection can be
   * used again; a longer body costs the connection. 0 or more.
   *
   * @defaultValue `65_536`
   */
  readonly maxDrainBytes?: number | undefined;
}

/** `fetch`, whose `body` may also be a function that opens it anew for each attempt. */
export type RetryFetch = (input: FetchInput, init?: RetryRequestInit) => Promise<Response>;

/** What is taken where an option is left out. */
const defaults = Object.freeze({
  fetch: ((input, init) => globalThis.fetch(input, init)) satisfies Fetch,
  maxDrainBytes: 65_536,
});

/**
 * Creates a `fetch` that retries: GET, HEAD, OPTIONS, PUT and DELETE when the network fails, when
 * an attempt takes too long, and when the answer is 408, 425, 429, 500, 502, 503 or 504; any other
 * method the same if it has an `Idempotency-Key`, and else only when nothing was sent at all. The
 * retrier of the URL's origin decides how often and when; `Retry-After` is a floor for everyone.
 * When it gives up it resolves with the last answer, as `fetch` would, and `retryInfo` knows of
 * it; without one it rejects with what `fetch` threw. The time of an attempt ends with the header
 * of its answer; the caller's signal holds for the body, too.
 *
 * @throws TypeError | RangeError if an option is not one of its values. A call rejects with a
 * TypeError, before anything is sent, for what `fetch` refuses and for a stream as body.
 * @example
 * ```ts
 * import { createRetrierPool } from '@gabion/retry-budget';
 * import { createRetryFetch } from '@gabion/retry-budget/fetch';
 *
 * const pool = createRetrierPool({ options: { deadlineMs: 10_000, attemptTimeoutMs: 2_000 } });
 * const retryFetch = createRetryFetch({ pool });
 * const response = await retryFetch('https://example.com/orders/42');
 * console.log(response.status);
 * ```
 */
export function createRetryFetch(options: RetryFetchOptions): RetryFetch {
  const fn = 'createRetryFetch';
  const { pool, fetch = defaults.fetch, maxDrainBytes = defaults.maxDrainBytes } = options ?? {};
  if (typeof pool?.get !== 'function') {
    throw new TypeError(`${fn}: pool must be that of createRetrierPool, got ${show(pool)}`);
  }
  if (typeof fetch !== 'function') {
    throw new TypeError(`${fn}: fetch must be a function, got ${show(fetch)}`);
  }
  requireInteger(fn, 'maxDrainBytes', maxDrainBytes, { min: 0 });
  const settings = { fetch, maxDrainBytes };

  return async (input, init = {}) => {
    const request = requestOf(input, init);
    const { origin } = new URL(request.url);
    return new FetchCall(settings, request, pool.get(origin)).run();
  };
}
