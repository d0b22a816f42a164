import { custom } from '../src/backoff.js';
import { createRetryFetch, type RetryFetch } from '../src/fetch.js';
import { createRetrierPool, type PooledRetrierOptions } from '../src/retrier-pool.js';

/** A `fetch` that makes up to four attempts, one right after the other. */
export function impatient(options: PooledRetrierOptions = {}): RetryFetch {
  return createRetryFetch({ pool: poolOf(options) });
}

/** A pool whose retriers wait no time between attempts. */
export function poolOf(options: PooledRetrierOptions = {}) {
  return createRetrierPool({ options: { backoff: custom(() => 0), ...options } });
}
