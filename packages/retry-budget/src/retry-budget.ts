import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger, requireNumber, requireOneOf, show } from '@gabion/contract';
import { ConcurrencyBudget } from './budget/concurrency.js';
import { RequestBudget } from './budget/request.js';
import { SuccessBudget } from './budget/success.js';

/** The permission for one retry: it sleeps through the backoff, then begins, then ends. */
export interface RetrySlot {
  /** The backoff is over and the retry starts. */
  begin(): void;
  /** The retry is over. */
  end(succeeded: boolean): void;
  /** The retry will not start: what it took is free again. After `begin` it does nothing. */
  giveBack(): void;
}

/**
 * How many retries a destination can be asked to bear. It never holds back a first attempt: it
 * only hears of those. Retriers that share a budget share its retries.
 *
 * It is plain counting in whole numbers: nothing waits, no timer runs, and a clock is looked at
 * by `'request'` alone.
 */
export interface RetryBudget {
  /** What pays into it. */
  readonly deposit: 'success' | 'request' | 'concurrency';
  /** How many retries could be taken now, parts of one included; never negative. */
  readonly balance: number;
  /** A first attempt starts. */
  begin(): void;
  /** A first attempt is over. */
  end(succeeded: boolean): void;
  /**
   * Takes the slot of a retry, before its backoff; `undefined` when the budget does not allow it.
   *
   * @param cost - In retries, 0.001 to 1 000.
   * @defaultValue `cost` is 1
   * @throws TypeError | RangeError for a cost that is none, or cannot be counted exactly.
   */
  take(cost?: number): RetrySlot | undefined;
}

/** Successes pay: a total outage dries the budget up. */
export interface SuccessBudgetOptions {
  /** What pays into the budget. @defaultValue `'success'` */
  readonly deposit?: 'success' | undefined;
  /** Retries per success: 0 to 1 000. @defaultValue 0.1 */
  readonly ratio?: number | undefined;
  /**
   * The most retries that are saved up; the balance starts there, and at 1 where it is less.
   * 0 to 1 000 000. @defaultValue 10
   */
  readonly reserve?: number | undefined;
}

/** First attempts pay, as in Finagle: retries stay a share of the traffic, outage or not. */
export interface RequestBudgetOptions {
  /** What pays into the budget. */
  readonly deposit: 'request';
  /** Retries per first attempt: 0 to 1 000. @defaultValue 0.2 */
  readonly ratio?: number | undefined;
  /** After how long a payment is forgotten: 1 000 to 60 000 ms. @defaultValue 10 000 */
  readonly windowMs?: number | undefined;
  /** Retries that are always there: 0 to 10 000, whole. @defaultValue 10 */
  readonly minRetriesPerSecond?: number | undefined;
  /** Measures the window. @defaultValue `systemClock` */
  readonly clock?: Clock | undefined;
}

/** What is under way pays, as in Envoy: retries stay a share of the concurrent calls. */
export interface ConcurrencyBudgetOptions {
  /** What pays into the budget. */
  readonly deposit: 'concurrency';
  /** Retries in backoff or in flight per active call: 0 to 1 000. @defaultValue 0.2 */
  readonly ratio?: number | undefined;
  /** Retries that may always be under way: 0 to 1 000 000, whole. @defaultValue 3 */
  readonly minConcurrent?: number | undefined;
}

/** Options of `createRetryBudget`: what pays for retries, and how much. */
export type RetryBudgetOptions =
  | SuccessBudgetOptions
  | RequestBudgetOptions
  | ConcurrencyBudgetOptions;

/** What is taken where an option of a budget is left out. */
export const budgetDefaults = Object.freeze({
  deposit: 'success',
  success: Object.freeze({ ratio: 0.1, reserve: 10 }),
  request: Object.freeze({ ratio: 0.2, windowMs: 10_000, minRetriesPerSecond: 10 }),
  concurrency: Object.freeze({ ratio: 0.2, minConcurrent: 3 }),
} as const);

const kinds = ['success', 'request', 'concurrency'] as const;

/**
 * Creates a budget of retries. Amounts are counted in whole parts of a retry, taken from the
 * simplest fraction that each number is: a ratio of 0.1 is exactly a tenth, 5 / 14 exactly that.
 *
 * @throws TypeError | RangeError for an option that is not what it says, or that cannot be
 * counted exactly.
 * @example
 * ```ts
 * import { createRetryBudget } from '@gabion/retry-budget';
 *
 * const budget = createRetryBudget({ ratio: 0.1, reserve: 10 });
 * console.log(budget.balance); // 10
 * ```
 */
export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const fn = 'createRetryBudget';
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${fn}: options must be an object, got ${show(options)}`);
  }
  const { deposit = budgetDefaults.deposit } = options;
  requireOneOf(fn, 'deposit', deposit, kinds);
  const { ratio = budgetDefaults[deposit].ratio } = options;
  requireNumber(fn, 'ratio', ratio, ratios);
  if (options.deposit === 'request') {
    const { request } = budgetDefaults;
    const { windowMs = request.windowMs, clock = systemClock } = options;
    const { minRetriesPerSecond = request.minRetriesPerSecond } = options;
    requireInteger(fn, 'windowMs', windowMs, { min: 1_000, max: 60_000 });
    requireInteger(fn, 'minRetriesPerSecond', minRetriesPerSecond, { min: 0, max: 10_000 });
    return new RequestBudget(fn, { ratio, windowMs, minRetriesPerSecond, clock });
  }
  if (options.deposit === 'concurrency') {
    const { minConcurrent = budgetDefaults.concurrency.minConcurrent } = options;
    requireInteger(fn, 'minConcurrent', minConcurrent, { min: 0, max: many });
    return new ConcurrencyBudget(fn, ratio, minConcurrent);
  }
  const { reserve = budgetDefaults.success.reserve } = options;
  requireNumber(fn, 'reserve', reserve, { min: 0, max: many });
  return new SuccessBudget(fn, ratio, reserve);
}

const many = 1_000_000;
const ratios = { min: 0, max: 1_000 };
