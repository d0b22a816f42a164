import { exponential, fullJitter } from '../backoff.js';
import type { PooledRetrierOptions } from '../retrier-pool.js';

/**
 * How each client of a simulation retries: options of a retrier, and of its budget. What is left
 * out is as everywhere; an attempt takes no longer than the simulation's `clientTimeoutMs`.
 */
export type Policy = Pick<
  PooledRetrierOptions,
  'budget' | 'maxAttempts' | 'backoff' | 'deadlineMs' | 'minAttemptMs' | 'throttledCost'
>;

/** A system that others have described, as near as our parts come to it. */
export interface PublishedPolicy extends Policy {
  /** Where its figures are from. */
  readonly source: string;
  /** In what ours differs from it. */
  readonly deviations: readonly string[];
}

/** As good as none: it holds back no retry that its simulation could ask for. */
const boundless = Object.freeze({
  deposit: 'request',
  ratio: 1_000,
  windowMs: 60_000,
  minRetriesPerSecond: 10_000,
} as const);

const finagle: PublishedPolicy = {
  source:
    'finagle-core: RetryBudget.apply (10 s, 10 retries a second, 20 %), Retries.scala ' +
    '(MaxRequeuesPerReq 0.2, no backoff)',
  deviations: [
    'time-outs are retried; there a RetryPolicy has to ask for that',
    'up to 20 retries of one call; there a fifth of the balance, which is 20 of the first 100',
  ],
  maxAttempts: 21,
  backoff: exponential({ baseMs: 0, maxMs: 0 }),
  budget: { deposit: 'request', ratio: 0.2, windowMs: 10_000, minRetriesPerSecond: 10 },
};

const envoy: PublishedPolicy = {
  source:
    'Envoy: retry_budget (budget_percent 20, min_retry_concurrency 3), num_retries 1, base ' +
    'interval 25 ms, at most 250 ms',
  deviations: [
    'a budget for each client; there one for all requests to a cluster in one Envoy',
    'an attempt has a time-out; there a per_try_timeout has to be set',
  ],
  maxAttempts: 2,
  backoff: fullJitter({ baseMs: 25, maxMs: 250 }),
  budget: { deposit: 'concurrency', ratio: 0.2, minConcurrent: 3 },
};

const grown = exponential({ baseMs: 100, maxMs: 1_000 });

const grpc: PublishedPolicy = {
  source:
    'gRPC A6 and its update, proposal 452: maxTokens 10, tokenRatio 0.1, maxAttempts 4, backoff ' +
    'from 0.1 s, doubled, at most 1 s, each × 0.8 to 1.2',
  deviations: [
    'a retry takes a token, there each failure; the half that may be used there is our reserve',
    'after an outage ten successes buy a retry; there up to fifty have to fill the other half',
  ],
  maxAttempts: 4,
  backoff: (n, random, previousMs) => grown(n, random, previousMs) * (0.8 + 0.4 * random()),
  budget: { deposit: 'success', ratio: 0.1, reserve: 5 },
};

const aws: PublishedPolicy = {
  source:
    'AWS SDKs, standard mode with AWS_NEW_RETRIES_2026: 500 tokens, 14 a retry, 5 after ' +
    'throttling, 1 back per success, 3 attempts, full jitter from 50 ms to 20 s',
  deviations: [
    'a retry that succeeds pays 1 as any success; there it gets its 14 back',
    'after throttling the backoff is as after any failure, or the hint; there it begins at 1 s',
  ],
  maxAttempts: 3,
  backoff: fullJitter({ baseMs: 50, maxMs: 20_000 }),
  budget: { deposit: 'success', ratio: 1 / 14, reserve: 500 / 14 },
  throttledCost: 5 / 14,
};

/** Policies by name. */
export type Policies = {
  /** No retries. */
  readonly none: Policy;
  /** Three retries for each call, and nothing that bounds them. */
  readonly naive: Policy;
  /** Ours as it comes: successes pay. */
  readonly success: Policy;
  /** Ours, where requests pay. */
  readonly request: Policy;
  /** Ours, where what is under way pays. */
  readonly concurrency: Policy;
  /** After Finagle's RetryBudget. */
  readonly finagle: PublishedPolicy;
  /** After Envoy's retry budget. */
  readonly envoy: PublishedPolicy;
  /** After gRPC's proposal A6. */
  readonly grpc: PublishedPolicy;
  /** After the standard mode of AWS's SDKs. */
  readonly aws: PublishedPolicy;
};

/**
 * Policies to compare: no retries; naive ones, three for each call with full jitter and nothing
 * that bounds them; ours as it comes, with each kind of deposit; and the published systems that it
 * follows. To change one, spread it: `{ ...policies.naive, maxAttempts: 2 }`.
 */
export const policies: Policies = Object.freeze({
  none: { maxAttempts: 1 },
  naive: { maxAttempts: 4, budget: boundless },
  success: { budget: { deposit: 'success' } },
  request: { budget: { deposit: 'request' } },
  concurrency: { budget: { deposit: 'concurrency' } },
  finagle,
  envoy,
  grpc,
  aws,
} satisfies Policies);
