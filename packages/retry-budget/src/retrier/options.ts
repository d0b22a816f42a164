import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger, requireKey, requireNumber, requireOneOf, show } from '@gabion/contract';
import { type Backoff, backoffDefaults, fullJitter } from '../backoff.js';
import { type Classify, classify as judgeByDefault } from '../classify.js';
import { createRetryBudget, type RetryBudget } from '../retry-budget.js';
import type { RetryObserver } from './observer.js';

/** Options of `createRetrier`. */
export interface RetrierOptions {
  /** What the retrier is called in events: 1 to 1 024 characters. @defaultValue `'retry-budget'` */
  readonly name?: string | undefined;
  /** What its retries are taken from; may be shared. @defaultValue `createRetryBudget()` */
  readonly budget?: RetryBudget | undefined;
  /** The most attempts of one run, the first included: 1 to 1 000. @defaultValue 4 */
  readonly maxAttempts?: number | undefined;
  /**
   * How long to wait before each retry.
   * @defaultValue `fullJitter({ baseMs: 50, maxMs: 20_000 })`
   */
  readonly backoff?: Backoff | undefined;
  /** The longest one run takes, in milliseconds, 1 or more. @defaultValue none */
  readonly deadlineMs?: number | undefined;
  /** The longest one attempt takes, in milliseconds, 1 or more. @defaultValue none */
  readonly attemptTimeoutMs?: number | undefined;
  /** With less left of the deadline no attempt is made, in milliseconds. @defaultValue 0 */
  readonly minAttemptMs?: number | undefined;
  /** What a retry after `'throttled'` costs, in retries: 0.001 to 1. @defaultValue 5 / 14 */
  readonly throttledCost?: number | undefined;
  /**
   * Judges what an attempt threw.
   * @defaultValue `classify`: retries all but aborts and programmers' mistakes
   */
  readonly classify?: Classify | undefined;
  /**
   * `'single'`: a run inside another retrier's attempt makes one attempt only. `'independent'`:
   * this retrier neither notices nor counts as the outer one. Where the runtime cannot follow a
   * call (no AsyncLocalStorage), every retrier is independent.
   * @defaultValue `'single'`
   */
  readonly nested?: 'single' | 'independent' | undefined;
  /** Measures and waits. @defaultValue `systemClock` */
  readonly clock?: Clock | undefined;
  /** Draws the jitter, even from 0 up to 1 without it. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Hears what happens. */
  readonly observer?: RetryObserver | undefined;
}

/** What is taken where an option of a retrier is left out. */
export const retrierDefaults = Object.freeze({
  name: 'retry-budget',
  maxAttempts: 4,
  deadlineMs: Infinity,
  attemptTimeoutMs: Infinity,
  minAttemptMs: 0,
  throttledCost: 5 / 14,
  nested: 'single',
} as const);

/** The most attempts that a run can be given: each is on record while it is under way. */
export const mostAttempts = 1_000;

/** The options with every default in its place, checked. */
export function settle(fn: string, options: RetrierOptions) {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${fn}: options must be an object, got ${show(options)}`);
  }
  const { name = retrierDefaults.name, nested = retrierDefaults.nested, observer } = options;
  const { backoff = fullJitter(backoffDefaults), classify = judgeByDefault } = options;
  const { clock = systemClock, random = Math.random } = options;
  requireKey(fn, 'name', name);
  requireOneOf(fn, 'nested', nested, ['single', 'independent'] as const);
  requireFunctions(fn, { backoff, classify, random });
  const figures = settleFigures(fn, options);
  const budget = requireBudget(fn, options.budget ?? createRetryBudget());
  requirePrice(fn, budget, figures.throttledCost);
  return { name, budget, backoff, classify, nested, clock, random, observer, ...figures };
}

function settleFigures(fn: string, options: RetrierOptions) {
  const { maxAttempts = retrierDefaults.maxAttempts } = options;
  const { deadlineMs = retrierDefaults.deadlineMs } = options;
  const { attemptTimeoutMs = retrierDefaults.attemptTimeoutMs } = options;
  const { minAttemptMs = retrierDefaults.minAttemptMs } = options;
  const { throttledCost = retrierDefaults.throttledCost } = options;
  requireInteger(fn, 'maxAttempts', maxAttempts, { min: 1, max: mostAttempts });
  requireNumber(fn, 'deadlineMs', deadlineMs, { min: 1 });
  requireNumber(fn, 'attemptTimeoutMs', attemptTimeoutMs, { min: 1 });
  // An attempt that never had enough time would never be made.
  requireNumber(fn, 'minAttemptMs', minAttemptMs, { min: 0, max: finite(deadlineMs) });
  requireNumber(fn, 'throttledCost', throttledCost, { min: 0.001, max: 1 });
  return { maxAttempts, deadlineMs, attemptTimeoutMs, minAttemptMs, throttledCost };
}

function finite(ms: number): number {
  return Math.min(ms, Number.MAX_VALUE);
}

/** Throws for the first that is no function. */
export function requireFunctions(fn: string, functions: Readonly<Record<string, unknown>>): void {
  for (const [argument, value] of Object.entries(functions)) {
    if (typeof value !== 'function') {
      throw new TypeError(`${fn}: ${argument} must be a function, got ${show(value)}`);
    }
  }
}

function requireBudget(fn: string, budget: RetryBudget): RetryBudget {
  if (typeof budget?.take === 'function') return budget;
  throw new TypeError(`${fn}: budget must be that of createRetryBudget, got ${show(budget)}`);
}

/** Takes and returns a slot: a cost that the budget cannot count exactly is an error now. */
function requirePrice(fn: string, budget: RetryBudget, cost: number): void {
  try {
    budget.take(cost)?.giveBack();
  } catch (cause) {
    const message = `throttledCost ${show(cost)} cannot be counted exactly by this budget`;
    throw new RangeError(`${fn}: ${message}`, { cause });
  }
}
