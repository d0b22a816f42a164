import { requireNumber, show } from '@gabion/contract';

/**
 * How long to wait before a retry, in milliseconds: a function of the retry's number `n` (0 before
 * the first retry), of chance, and of the wait before the previous retry (0 before the first).
 */
export type Backoff = (n: number, random: () => number, previousMs: number) => number;

/** The step and the bound of a backoff that grows. */
export interface BackoffOptions {
  /** What the first wait is made from, in milliseconds: 0 to 2^53 − 1. */
  readonly baseMs: number;
  /** What no wait is made from more than, in milliseconds: `baseMs` to 2^53 − 1. */
  readonly maxMs: number;
}

/** What a retrier waits where nothing else is said: full jitter from these. */
export const backoffDefaults = Object.freeze({ baseMs: 50, maxMs: 20_000 });

/** AWS's "Full Jitter": even between 0 and min(max, base · 2^n). */
export function fullJitter(options: BackoffOptions): Backoff {
  const { grown } = settle('fullJitter', options);
  return (n, random) => random() * grown(n);
}

/** AWS's "Equal Jitter": half of min(max, base · 2^n), and even between 0 and the other half. */
export function equalJitter(options: BackoffOptions): Backoff {
  const { grown } = settle('equalJitter', options);
  return (n, random) => {
    const half = grown(n) / 2;
    return half + random() * half;
  };
}

/**
 * AWS's "Decorrelated Jitter": even between base and three times the previous wait, at most max.
 * Before the first retry the previous wait counts as base.
 */
export function decorrelatedJitter(options: BackoffOptions): Backoff {
  const { baseMs, maxMs } = settle('decorrelatedJitter', options);
  return (_n, random, previousMs) => {
    const widthMs = Math.max(baseMs, previousMs) * 3 - baseMs;
    return Math.min(maxMs, baseMs + random() * widthMs);
  };
}

/** min(max, base · 2^n), and even between 0 and base on top, so max may be passed by base. */
export function additiveJitter(options: BackoffOptions): Backoff {
  const { baseMs, grown } = settle('additiveJitter', options);
  return (n, random) => grown(n) + random() * baseMs;
}

/** min(max, base · 2^n) without jitter: clients that failed together come back together. */
export function exponential(options: BackoffOptions): Backoff {
  return settle('exponential', options).grown;
}

/**
 * A backoff of your own: the milliseconds before retry `n`, 0 being the first.
 *
 * @throws TypeError | RangeError (the run rejects with it) for an answer that is no finite number
 * of at least 0.
 */
export function custom(delayMs: (n: number) => number): Backoff {
  if (typeof delayMs !== 'function') {
    throw new TypeError(`custom: delayMs must be a function, got ${show(delayMs)}`);
  }
  return (n) => requireNumber('custom', `delayMs(${n})`, delayMs(n), finite);
}

function settle(fn: string, options: BackoffOptions) {
  const { baseMs, maxMs } = options;
  requireNumber(fn, 'baseMs', baseMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  requireNumber(fn, 'maxMs', maxMs, { min: baseMs, max: Number.MAX_SAFE_INTEGER });
  // 2^1023 is the largest power that a double holds; from there on it is max in any case, but 0 · ∞
  // would be no number.
  const grown = (n: number) => Math.min(maxMs, baseMs * 2 ** Math.min(n, 1_023));
  return { baseMs, maxMs, grown };
}

const finite = { min: 0, max: Number.MAX_VALUE };
