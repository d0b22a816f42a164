import { systemClock } from '@gabion/clock';
import { notify, requireInteger, requireKey, show } from '@gabion/contract';
import type { RetrierOptions } from './retrier/options.js';
import { createRetrier, type Retrier } from './retrier.js';
import { createRetryBudget, type RetryBudgetOptions } from './retry-budget.js';

/** What each retrier of a pool is created with; its name is its origin. */
export interface PooledRetrierOptions extends Omit<RetrierOptions, 'budget' | 'name'> {
  /** What each origin's own budget is created with. @defaultValue as `createRetryBudget()` */
  readonly budget?: RetryBudgetOptions | undefined;
}

/** Options of `createRetrierPool`. */
export interface RetrierPoolOptions {
  /** The most origins that are remembered: 1 to 1 000 000. @defaultValue 1 000 */
  readonly maxOrigins?: number | undefined;
  /** What each retrier is created with. */
  readonly options?: PooledRetrierOptions | undefined;
}

/** Retriers by destination: one destination's outage neither spends another's retries nor waits. */
export interface RetrierPool {
  /** How many origins are remembered. */
  readonly size: number;
  /**
   * The retrier of an origin, created at its first use, with its own budget and gate.
   *
   * @param origin - A text of 1 to 1 024 characters, such as `https://api.example.com`.
   */
  get(origin: string): Retrier;
}

/** What is taken where an option of a pool is left out. */
export const poolDefaults = Object.freeze({ maxOrigins: 1_000 });

/** Origins that are looked at when one has to go. */
const evictionSample = 8;

/**
 * Creates a pool. At `maxOrigins` an origin is dropped: of the eight that were used longest ago one
 * that a new one would be no better off than, else the very last, and then the observer is told.
 *
 * @throws TypeError | RangeError for an option that is not what it says, naming it and its value.
 */
export function createRetrierPool({ maxOrigins, options }: RetrierPoolOptions = {}): RetrierPool {
  const fn = 'createRetrierPool';
  const most = maxOrigins ?? poolDefaults.maxOrigins;
  requireInteger(fn, 'maxOrigins', most, { min: 1, max: 1_000_000 });
  const { budget, ...rest } = requireOptions(fn, options ?? {});
  const { clock = systemClock, observer } = rest;
  const create = (name: string) =>
    createRetrier({ ...rest, name, budget: createRetryBudget(withClock(budget)) });
  // A mistake in the options is an error now, not at the first origin.
  const fresh = create(fn).budget.balance;
  // A map keeps the order in which its keys came: those used longest ago are first.
  const retriers = new Map<string, Retrier>();

  function withClock(given: RetryBudgetOptions | undefined): RetryBudgetOptions | undefined {
    return given?.deposit === 'request' ? { clock, ...given } : given;
  }

  function evict(): void {
    let last: string | undefined;
    let seen = 0;
    for (const [origin, { budget, gate }] of retriers) {
      last ??= origin;
      if (budget.balance >= fresh && gate.opensInMs === 0) return void retriers.delete(origin);
      seen += 1;
      if (seen === evictionSample) break;
    }
    if (last === undefined) return;
    retriers.delete(last);
    notify(observer, 'evicted', { name: last, atMs: clock.wallNow() });
  }

  return {
    get size() {
      return retriers.size;
    },
    get(origin) {
      requireKey('get', 'origin', origin);
      const known = retriers.get(origin);
      if (known === undefined && retriers.size >= most) evict();
      const retrier = known ?? create(origin);
      retriers.delete(origin);
      retriers.set(origin, retrier);
      return retrier;
    },
  };
}

function requireOptions(fn: string, options: PooledRetrierOptions): PooledRetrierOptions {
  if (typeof options === 'object' && options !== null) return options;
  throw new TypeError(`${fn}: options must be an object, got ${show(options)}`);
}
