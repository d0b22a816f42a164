import { requireOneOf, show } from '@gabion/contract';
import { type Item, isAscii, serializeList } from 'structured-headers';
import type { LimitStanding, TakeResult } from '../result.js';
import { httpDefaults, type RateLimitDraft, requireDraft } from './http-options.js';

/** How a Retry-After field is written. */
export interface RetryAfterOptions {
  /**
   * `seconds` is a duration, so it needs no agreement between two clocks. `date` is an instant on
   * the store's clock: a client whose clock is ahead of it comes back too early.
   *
   * @defaultValue `'seconds'`
   */
  readonly as?: 'seconds' | 'date' | undefined;
}

/** How the RateLimit fields are written. */
export interface RateLimitHeadersOptions {
  /**
   * `11` is draft-ietf-httpapi-ratelimit-headers-11 (May 2026), whose syntax is also that of 8, 9
   * and 10. `'proposed-12'` is what the working group's own copy says since (August 2026): the
   * RateLimit parameters `r` and `t` are called `a` (available) and `w` (window), nothing else
   * that is sent here changes. It is for trying clients out, and goes once a draft has it.
   *
   * @defaultValue `11`
   */
  readonly draft?: RateLimitDraft | undefined;
}

/** The last instant that IMF-fixdate can carry: its year has four digits. */
const lastFixdateMs = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The largest integer of a structured field (RFC 9651, section 3.3.1). */
const largestInteger = 999_999_999_999_999;

const parameterNames = {
  11: { available: 'r', window: 't' },
  'proposed-12': { available: 'a', window: 'w' },
} as const;

/** A duration in whole seconds: rounded up, since early is wrong, and never 0. */
function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

/**
 * Writes the value of a Retry-After field (RFC 9110, section 10.2.3): whole seconds rounded up, at
 * least 1, or the next whole second at or after that instant. It is never early; as a date it
 * stops at the year 9999.
 *
 * @returns `undefined` where the field has no place: the take was allowed, or can never succeed.
 * @throws RangeError if `as` is neither.
 */
export function retryAfter(
  result: TakeResult,
  { as = httpDefaults.as }: RetryAfterOptions = {},
): string | undefined {
  requireOneOf('retryAfter', 'as', as, ['seconds', 'date']);
  if (result.allowed || result.retryAfterMs === null) return undefined;
  if (as === 'seconds') return String(wholeSeconds(result.retryAfterMs));
  const atMs = Math.ceil((result.atMs + result.retryAfterMs) / 1000) * 1000;
  return new Date(Math.min(atMs, lastFixdateMs)).toUTCString();
}

/**
 * The effective window of a limit, in seconds: how long its holder has no more than what remains,
 * which for a token bucket is until the next whole token. It is reckoned from the standing: of the
 * time until full, the last `capacity - remaining - 1` tokens take their share of `windowMs`.
 */
function effectiveWindow({ capacity, windowMs, remaining, resetAfterMs }: LimitStanding): number {
  const afterNextMs = (windowMs * (capacity - remaining - 1)) / capacity;
  return wholeSeconds(resetAfterMs - afterNextMs);
}

/** One limit of a RateLimit field: its name, and figures about it. */
function item(name: string, figures: Record<string, number>): Item {
  if (!isAscii(name)) {
    throw new RangeError(
      `rateLimitHeaders: a limit's name must be printable ASCII, got ${show(name)}`,
    );
  }
  const capped = Object.entries(figures).map(
    ([parameter, figure]) => [parameter, Math.min(figure, largestInteger)] as const,
  );
  return [name, new Map(capped)];
}

/**
 * Writes what one decision has to say in header fields, by name: `RateLimit-Policy` with the quota
 * `q` (the capacity) and the window `w` (the time to full, in seconds rounded up) of each limit,
 * `RateLimit` with what remains `r` and the effective window `t` of each, and on a refusal
 * `Cache-Control: no-store` (RFC 6585, section 4) and, if it can ever succeed, `Retry-After`.
 *
 * `t` is the time until the next whole token, in seconds rounded up; it says nothing of the time
 * to full. A limit that refused never has a `t` above Retry-After (the draft, section 6).
 * `RateLimit` is left out when `source` is `policy`: nobody counted, so there is nothing to tell.
 *
 * @throws RangeError if `draft` is unknown, or the name of a limit is not printable ASCII.
 * @example
 * ```ts
 * import { createTokenBucket } from '@gabion/token-bucket';
 * import { rateLimitHeaders } from '@gabion/token-bucket/http';
 *
 * const refill = { tokens: 10, everyMs: 1_000 };
 * const bucket = createTokenBucket({ name: 'burst', capacity: 20, refill });
 * console.log(rateLimitHeaders(await bucket.take('user:42')));
 * // { 'RateLimit-Policy': '"burst";q=20;w=2', RateLimit: '"burst";r=19;t=1' }
 * ```
 */
export function rateLimitHeaders(
  result: TakeResult,
  { draft }: RateLimitHeadersOptions = {},
): Record<string, string> {
  const { available, window } = parameterNames[requireDraft('rateLimitHeaders', draft)];
  const wait = retryAfter(result);
  const policies = result.limits.map((limit) =>
    item(limit.name, { q: limit.capacity, w: wholeSeconds(limit.windowMs) }),
  );
  const standings = result.limits.map((limit) => {
    const refused = !result.allowed && result.violated.includes(limit.name);
    const longest = refused && wait !== undefined ? Number(wait) : Infinity;
    const seconds = Math.min(effectiveWindow(limit), longest);
    return item(limit.name, { [available]: limit.remaining, [window]: seconds });
  });
  const headers: Record<string, string> = { 'RateLimit-Policy': serializeList(policies) };
  if (result.source !== 'policy') headers['RateLimit'] = serializeList(standings);
  if (wait !== undefined) headers['Retry-After'] = wait;
  if (!result.allowed) headers['Cache-Control'] = 'no-store';
  return headers;
}
