import { requireNumber } from '@gabion/contract';
import { parseHttpDate } from './http-date.js';

/** What a `Retry-After` that is a date is relative to. */
export interface ParseRetryAfterOptions {
  /**
   * The `Date` field of the same response: the server's clock, so that a difference to the clock
   * here does not count. Undefined, null or malformed: the date is relative to `receivedAtMs`.
   */
  readonly date?: string | null | undefined;
  /**
   * When the response came, in epoch milliseconds.
   *
   * @defaultValue `Date.now()`
   */
  readonly receivedAtMs?: number | undefined;
}

/** The longest wait that is told: a number of seconds may have any number of digits. */
const longestMs = Number.MAX_SAFE_INTEGER;
/** What a `Date` can hold. */
const instants = { min: -8.64e15, max: 8.64e15 };
/** Blanks may stand around a field, and nothing else. */
const wholeSeconds = /^[ \t]*(\d+)[ \t]*$/;

/**
 * Parses a `Retry-After` field (RFC 9110, section 10.2.3) into the milliseconds that it asks for,
 * a safe integer of at least 0. It is a whole number of seconds or a date in one of HTTP's three
 * forms; a date that has passed is 0. Undefined if there is no field or if it is malformed, as
 * `0x1`, `1e3`, `1.5`, `-5` and the empty text are: then nothing was asked for.
 *
 * @throws TypeError | RangeError if `receivedAtMs` is no instant.
 * @example
 * ```ts
 * import { parseRetryAfter } from '@gabion/retry-budget/fetch';
 *
 * parseRetryAfter('120'); // 120000
 * const date = 'Sun, 06 Nov 1994 08:49:07 GMT';
 * parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', { date }); // 30000
 * parseRetryAfter('1e3'); // undefined
 * ```
 */
export function parseRetryAfter(
  value: string | null | undefined,
  { date, receivedAtMs = Date.now() }: ParseRetryAfterOptions = {},
): number | undefined {
  requireNumber('parseRetryAfter', 'receivedAtMs', receivedAtMs, instants);
  const text = value ?? '';
  const seconds = wholeSeconds.exec(text)?.[1];
  if (seconds !== undefined) return Math.min(Number(seconds) * 1_000, longestMs);
  const sentAtMs = parseHttpDate(date ?? '', receivedAtMs) ?? receivedAtMs;
  const retryAtMs = parseHttpDate(text, sentAtMs);
  return retryAtMs === undefined ? undefined : Math.max(0, Math.ceil(retryAtMs - sentAtMs));
}
