import { requireInteger } from '@gabion/contract';
import type { Classify } from './classify.js';
import { createRetryGate, type RetryGate } from './gate.js';
import { FreeAttempt, type RetryAttempt } from './retrier/attempt.js';
import { Call, type Settings, type Work } from './retrier/call.js';
import { findNesting, type Nesting } from './retrier/nesting.js';
import { mostAttempts, type RetrierOptions, requireFunctions, settle } from './retrier/options.js';
import type { RetryBudget } from './retry-budget.js';

/** What one run is asked for beyond its function. */
export interface RunOptions {
  /** Ends the run: it rejects with the signal's reason, in an attempt or between two. */
  readonly signal?: AbortSignal | undefined;
  /** Judges in place of the retrier's, for this run. */
  readonly classify?: Classify | undefined;
  /** The most attempts of this run, 1 to 1 000. @defaultValue the retrier's */
  readonly maxAttempts?: number | undefined;
}

/** Runs what may fail, again if it may, as often as its budget bears. */
export interface Retrier {
  /** What the retrier is called. */
  readonly name: string;
  /** What its retries are taken from. */
  readonly budget: RetryBudget;
  /** Closed while its destination wants to be left alone. */
  readonly gate: RetryGate;
  /**
   * Calls `fn` until an attempt succeeds, and returns its value. When no attempt may follow, it
   * rejects with what the last one threw, that very value; `retryInfo` knows the rest.
   *
   * @throws GateClosedError when the gate opens only after the deadline; `fn` was not called.
   * @throws AttemptTimeoutError when the last attempt was not over in time.
   */
  run<T>(fn: (attempt: RetryAttempt) => T | PromiseLike<T>, options?: RunOptions): Promise<T>;
}

/**
 * Creates a retrier: jittered backoff, a budget, deadlines, and a gate for `Retry-After`.
 *
 * @throws TypeError | RangeError for an option that is not what it says, naming it and its value.
 * @example
 * ```ts
 * import { createRetrier, retryInfo } from '@gabion/retry-budget';
 *
 * const retrier = createRetrier({ deadlineMs: 5_000, attemptTimeoutMs: 1_000 });
 * const text = await retrier.run(async ({ signal }) => {
 *   const response = await fetch('https://example.com', { signal });
 *   if (response.status >= 500) throw new Error(`status ${response.status}`);
 *   return response.text();
 * });
 * console.log(text.length);
 * ```
 */
export function createRetrier(options: RetrierOptions = {}): Retrier {
  const settled = settle('createRetrier', options);
  const { name, budget, clock, random } = settled;
  const nesting = settled.nested === 'single' ? findNesting() : undefined;
  const settings: Settings = { ...settled, gate: createRetryGate({ clock, random }), nesting };
  const { gate, deadlineMs, attemptTimeoutMs } = settings;
  const isPlain = Math.min(deadlineMs, attemptTimeoutMs) === Infinity;

  function succeed<T>(value: T): T {
    budget.end(true);
    return value;
  }

  /**
   * A first attempt that nothing can interrupt. It is one promise behind that of `fn`: an `async`
   * function would cost half as much again.
   */
  function runPlainly<T>(fn: Work<T>): Promise<T> {
    const startedAt = clock.now();
    const resume = (error: unknown) => createCall(fn, none, startedAt).resume(error, startedAt);
    budget.begin();
    try {
      return Promise.resolve(fn(new FreeAttempt())).then(succeed, resume);
    } catch (error) {
      return resume(error);
    }
  }

  /** The same, where runs inside of the attempt are to know. */
  function runNesting<T>(fn: Work<T>, { asAttempt, isInside }: Nesting): Promise<T> {
    const startedAt = clock.now();
    const isInner = isInside();
    budget.begin();
    return asAttempt(() => fn(new FreeAttempt())).then(succeed, (error) =>
      createCall(fn, none, startedAt, isInner).resume(error, startedAt),
    );
  }

  function createCall<T>(fn: Work<T>, wanted: RunOptions, startedAt: number, isInner = false) {
    const { signal, classify = settings.classify } = wanted;
    const maxAttempts = isInner ? 1 : (wanted.maxAttempts ?? settings.maxAttempts);
    return new Call(settings, { fn, signal, classify, maxAttempts }, startedAt);
  }

  async function runFully<T>(fn: Work<T>, wanted: RunOptions): Promise<T> {
    requireFunctions('run', { fn });
    const { classify, maxAttempts } = wanted;
    if (classify !== undefined) requireFunctions('run', { classify });
    if (maxAttempts !== undefined) {
      requireInteger('run', 'maxAttempts', maxAttempts, { min: 1, max: mostAttempts });
    }
    return createCall(fn, wanted, clock.now(), nesting?.isInside()).run();
  }

  return {
    name,
    budget,
    gate,
    run(fn, wanted) {
      const isFree = isPlain && wanted === undefined && typeof fn === 'function';
      if (!isFree || gate.opensInMs > 0) return runFully(fn, wanted ?? none);
      return nesting === undefined ? runPlainly(fn) : runNesting(fn, nesting);
    },
  };
}

const none: RunOptions = Object.freeze({});
