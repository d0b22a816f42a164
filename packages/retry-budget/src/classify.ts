import { show } from '@gabion/contract';

/** What a failed attempt was, and when the other side wants to be asked again. */
export interface Failure {
  /** `'throttled'`: refused for its rate, which costs the budget less. `'transient'`: the rest. */
  readonly kind: 'transient' | 'throttled';
  /**
   * How long the destination asks to be left alone, in milliseconds. It closes the gate for every
   * caller, and no retry comes earlier. Negative, or endless: stop. NaN: as if it were not there.
   */
  readonly retryAfterMs?: number | undefined;
}

/** What is done about a failure: `'retry'` is short for `{ kind: 'transient' }`. */
export type Verdict = 'retry' | 'stop' | Failure;

/** Judges what an attempt threw. */
export type Classify = (error: unknown) => Verdict;

const mistakes: readonly (new (...args: never[]) => Error)[] = [
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
];

/**
 * Judges where nothing else is said: retries everything but an `AbortError` and a programmer's
 * mistake. A `TypeError` with a `cause` is none: that is how `fetch` tells of a network failure.
 */
export function classify(error: unknown): Verdict {
  if (!(error instanceof Error)) return 'retry';
  if (error.name === 'AbortError') return 'stop';
  if (error instanceof TypeError && error.cause !== undefined) return 'retry';
  return mistakes.some((Mistake) => error instanceof Mistake) ? 'stop' : 'retry';
}

/** A verdict as the retrier acts on it: `retryAfterMs` is 0 without a hint. */
export interface Judged {
  readonly stops: boolean;
  readonly throttled: boolean;
  readonly retryAfterMs: number;
}

/**
 * Checks a verdict, which may come from code without types.
 *
 * @throws TypeError for what is no verdict; its `cause` is the error that was judged.
 */
export function judge(verdict: Verdict, cause: unknown): Judged {
  if (verdict === 'retry') return transient;
  if (verdict === 'stop') return stop;
  const kind = verdict?.kind;
  if (kind !== 'transient' && kind !== 'throttled') {
    const got = show(verdict);
    throw new TypeError(`classify: must return 'retry', 'stop' or { kind }, got ${got}`, { cause });
  }
  const { retryAfterMs } = verdict;
  const hintMs = typeof retryAfterMs !== 'number' || Number.isNaN(retryAfterMs) ? 0 : retryAfterMs;
  const stops = hintMs < 0 || hintMs === Infinity;
  return { stops, throttled: kind === 'throttled', retryAfterMs: Math.max(0, hintMs) };
}

const transient: Judged = Object.freeze({ stops: false, throttled: false, retryAfterMs: 0 });
const stop: Judged = Object.freeze({ ...transient, stops: true });
