/**
 * Retries with jittered backoff and a budget, so that they cannot become an outage.
 *
 * @packageDocumentation
 */
export type { Clock } from '@gabion/clock';
export {
  additiveJitter,
  type Backoff,
  type BackoffOptions,
  custom,
  decorrelatedJitter,
  equalJitter,
  exponential,
  fullJitter,
} from './backoff.js';
export { type Classify, classify, type Failure, type Verdict } from './classify.js';
export { AttemptTimeoutError, GateClosedError } from './errors.js';
export { createRetryGate, type GateOptions, type RetryGate } from './gate.js';
export type { RetryAttempt } from './retrier/attempt.js';
export type { RetryObserver } from './retrier/observer.js';
export type { RetrierOptions } from './retrier/options.js';
export { createRetrier, type Retrier, type RunOptions } from './retrier.js';
export {
  createRetrierPool,
  type PooledRetrierOptions,
  type RetrierPool,
  type RetrierPoolOptions,
} from './retrier-pool.js';
export {
  type ConcurrencyBudgetOptions,
  createRetryBudget,
  type RequestBudgetOptions,
  type RetryBudget,
  type RetryBudgetOptions,
  type RetrySlot,
  type SuccessBudgetOptions,
} from './retry-budget.js';
export { type AttemptRecord, type RetryInfo, retryInfo } from './retry-info.js';
export { seededRandom } from './seeded-random.js';
