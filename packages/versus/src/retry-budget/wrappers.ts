import { createRequire } from 'node:module';
import { createRetrier, fullJitter, type RetrierOptions } from '@gabion/retry-budget';
import * as cockatiel from 'cockatiel';
import CircuitBreaker from 'opossum';
import pRetry from 'p-retry';
import { createHandLoop } from './hand-loop.js';

/** Runs what may fail. */
export type Wrapper = <T>(fn: () => Promise<T>) => Promise<T>;

/** A way to retry, and what it is called in a table. */
export interface Wrapped {
  /** The candidate. */
  readonly name: string;
  /** Runs a function by it. */
  readonly run: Wrapper;
}

/** The attempts of every candidate, and the first wait before the next of them. */
export interface Terms {
  /** The most attempts, the first included. */
  readonly maxAttempts: number;
  /** The first backoff, in milliseconds. */
  readonly baseMs: number;
}

interface AsyncRetryOptions {
  readonly retries: number;
  readonly minTimeout: number;
  readonly maxTimeout?: number;
  readonly factor?: number;
  readonly maxRetryTime?: number;
  readonly randomize?: boolean;
}

/** `async-retry` comes without types; these are what is used of it. */
export const retryAsync: <T>(fn: () => Promise<T>, options: AsyncRetryOptions) => Promise<T> =
  createRequire(import.meta.url)('async-retry');

/** Ours, in some configuration. */
export function gabion(name: string, terms: Terms, options: RetrierOptions = {}): Wrapped {
  const { maxAttempts, baseMs } = terms;
  const backoff = fullJitter({ baseMs, maxMs: 20_000 });
  const retrier = createRetrier({ maxAttempts, backoff, ...options });
  return { name, run: (fn) => retrier.run(fn) };
}

/** The floor. */
export function floor(terms: Terms): Wrapped {
  return { name: 'floor: a loop by hand', run: createHandLoop(terms) };
}

/** `cockatiel`'s policy, made once; its backoff is exponential with decorrelated jitter. */
export function cockatielRetry({ maxAttempts, baseMs }: Terms): Wrapped {
  const policy = cockatiel.retry(cockatiel.handleAll, {
    maxAttempts: maxAttempts - 1,
    backoff: new cockatiel.ExponentialBackoff({ initialDelay: baseMs }),
  });
  return { name: 'cockatiel retry', run: (fn) => policy.execute(fn) };
}

/** `p-retry`, which takes its options with each call. */
export function pRetryWith({ maxAttempts, baseMs }: Terms): Wrapped {
  const options = { retries: maxAttempts - 1, minTimeout: baseMs, randomize: true };
  return { name: 'p-retry', run: (fn) => pRetry(fn, options) };
}

/** `p-retry` as it comes: ten retries, from a second on. */
export function pRetryPlain(): Wrapped {
  return { name: 'p-retry, no options', run: (fn) => pRetry(fn) };
}

/** `async-retry`. */
export function asyncRetry({ maxAttempts, baseMs }: Terms): Wrapped {
  const options = { retries: maxAttempts - 1, minTimeout: baseMs, randomize: true };
  return { name: 'async-retry', run: (fn) => retryAsync(fn, options) };
}

/** `opossum`: a breaker, which retries nothing; around the loop by hand. */
export function opossumLoop(terms: Terms): Wrapped {
  const loop = createHandLoop(terms);
  const breaker = new CircuitBreaker((fn: () => Promise<unknown>) => loop(fn), { timeout: false });
  const run = (fn: () => Promise<unknown>) => breaker.fire(fn);
  return { name: 'opossum around the loop', run: run as Wrapper };
}

/** `cockatiel`'s retry inside its breaker, which opens after five failures in a row. */
export function cockatielBreaker(terms: Terms): Wrapped {
  const breaker = cockatiel.circuitBreaker(cockatiel.handleAll, {
    halfOpenAfter: 10_000,
    breaker: new cockatiel.ConsecutiveBreaker(5),
  });
  const retry = cockatiel.retry(cockatiel.handleAll, {
    maxAttempts: terms.maxAttempts - 1,
    backoff: new cockatiel.ExponentialBackoff({ initialDelay: terms.baseMs }),
  });
  const policy = cockatiel.wrap(retry, breaker);
  return { name: 'cockatiel retry and breaker', run: (fn) => policy.execute(fn) };
}

/** `cockatiel`'s retry inside its timeout, for whoever wants a deadline. */
export function cockatielTimeout(terms: Terms, deadlineMs: number): Wrapped {
  const timeout = cockatiel.timeout(deadlineMs, cockatiel.TimeoutStrategy.Aggressive);
  const retry = cockatiel.retry(cockatiel.handleAll, {
    maxAttempts: terms.maxAttempts - 1,
    backoff: new cockatiel.ExponentialBackoff({ initialDelay: terms.baseMs }),
  });
  const policy = cockatiel.wrap(timeout, retry);
  return { name: 'cockatiel retry, with a timeout', run: (fn) => policy.execute(fn) };
}
