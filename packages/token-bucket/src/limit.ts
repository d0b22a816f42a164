import { requireInteger, show } from '@gabion/contract';

/** How a limit gives tokens back: `tokens` of them, evenly over every `everyMs` milliseconds. */
export interface Refill {
  /** Tokens that come back in each period: a whole number, at least 1. */
  readonly tokens: number;
  /** The length of the period in milliseconds: a whole number, at least 1. */
  readonly everyMs: number;
}

/** One limit as the caller states it. */
export interface LimitOptions {
  /** What the limit is called in results, headers and keys: 1 to 64 printable ASCII characters. */
  readonly name: string;
  /** The most tokens it can hold, so the longest burst: a whole number, at least 1. */
  readonly capacity: number;
  /** How tokens come back. */
  readonly refill: Refill;
}

/**
 * A limit in whole numbers. A token is `unitsPerToken` units and every millisecond gives back
 * `unitsPerMs` of them, so that refill never leaves the integers: 7 tokens a minute are
 * 60 000 units to the token and 7 units a millisecond.
 */
export interface Limit {
  /** What the limit is called. */
  readonly name: string;
  /** The most tokens it can hold. */
  readonly capacity: number;
  /** Units that make one token: the refill's period, reduced by the common divisor. */
  readonly unitsPerToken: number;
  /** Units that one millisecond gives back: the refill's tokens, reduced alike. */
  readonly unitsPerMs: number;
  /** The units of a full bucket. */
  readonly fullUnits: number;
  /** The time an empty bucket needs to become full, in milliseconds, rounded up. */
  readonly windowMs: number;
}

/** The last instant a `Date` can hold; an instant and a window together stay below 2^53. */
const lastInstantMs = 8.64e15;

/**
 * Makes a limit of what the caller states; `at` is where it stands in the options, for messages.
 *
 * @throws TypeError | RangeError for anything that is not a whole number in its range, and for a
 * limit whose arithmetic would leave the integers that a double holds exactly (2^53 − 1).
 */
export function defineLimit(fn: string, { name, capacity, refill }: LimitOptions, at = ''): Limit {
  if (typeof refill !== 'object' || refill === null) {
    throw new TypeError(`${fn}: ${at}refill must be { tokens, everyMs }, got ${show(refill)}`);
  }
  requireInteger(fn, `${at}capacity`, capacity, { min: 1 });
  requireInteger(fn, `${at}refill.tokens`, refill.tokens, { min: 1 });
  requireInteger(fn, `${at}refill.everyMs`, refill.everyMs, { min: 1 });
  const divisor = greatestCommonDivisor(refill.tokens, refill.everyMs);
  const unitsPerToken = refill.everyMs / divisor;
  const unitsPerMs = refill.tokens / divisor;
  const fullUnits = capacity * unitsPerToken;
  const windowMs = Math.ceil(fullUnits / unitsPerMs);
  if (!Number.isSafeInteger(fullUnits) || windowMs > Number.MAX_SAFE_INTEGER - lastInstantMs) {
    throw new RangeError(
      `${fn}: ${at}capacity ${capacity} with a refill of ${refill.tokens} ` +
        `every ${refill.everyMs} ms ` +
        'cannot be counted exactly in integers up to 2^53 - 1',
    );
  }
  return Object.freeze({ name, capacity, unitsPerToken, unitsPerMs, fullUnits, windowMs });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
