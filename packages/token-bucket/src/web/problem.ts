import type { Refused, TakeResult } from '../result.js';
import { retryAfter } from './headers.js';
import { type RefusalStatus, requireStatus } from './http-options.js';

/** A problem document (RFC 9457) that explains a refusal. */
export interface RateLimitProblem {
  /** The problem type that the RateLimit draft defines for this status. */
  readonly type: string;
  /** The type's registered title: the same words at every occurrence. */
  readonly title: string;
  /** The status of the response that carries the document. */
  readonly status: RefusalStatus;
  /** What to do about this occurrence; for people, not for programs. */
  readonly detail: string;
  /** The names of the limits that refused; empty when a broken store was the reason. */
  readonly 'violated-policies': readonly string[];
}

/** How a refusal is explained. */
export interface ProblemOptions {
  /**
   * The status of a refusal by a limit: 429 where the limit is the client's own, 503 where it
   * guards what all clients share. A refusal because the store is broken is 503 whatever this says.
   *
   * @defaultValue `429`
   */
  readonly status?: RefusalStatus | undefined;
}

const registry = 'https://iana.org/assignments/http-problem-types';

/** The draft's sections 5.1 and 5.2, with the titles and statuses of its sections 10.2.1 and 2. */
const kinds = {
  429: { type: `${registry}#quota-exceeded`, title: 'Quota Exceeded' },
  503: { type: `${registry}#temporary-reduced-capacity`, title: 'Temporary Reduced Capacity' },
} as const;

function detail(refusal: Refused): string {
  const seconds = retryAfter(refusal);
  if (refusal.source === 'policy') {
    return `The limit cannot be checked now${seconds ? `; try again in ${seconds} s` : ''}.`;
  }
  return seconds
    ? `Try again in ${seconds} s.`
    : 'The request costs more than a limit can hold, so waiting does not help.';
}

/**
 * Explains a refusal as a problem document (RFC 9457), of the type that
 * draft-ietf-httpapi-ratelimit-headers-11 defines for the status: `quota-exceeded` for 429,
 * `temporary-reduced-capacity` for 503.
 *
 * @throws TypeError if the take was allowed.
 * @throws RangeError if `status` is neither 429 nor 503.
 * @example
 * ```ts
 * import { createTokenBucket } from '@gabion/token-bucket';
 * import { problem } from '@gabion/token-bucket/http';
 *
 * const bucket = createTokenBucket({ capacity: 20, refill: { tokens: 10, everyMs: 1_000 } });
 * const result = await bucket.take('user:42', { cost: 21 });
 * if (!result.allowed) console.log(problem(result).detail);
 * ```
 */
export function problem(result: TakeResult, { status }: ProblemOptions = {}): RateLimitProblem {
  const chosen = requireStatus('problem', status);
  if (result.allowed) {
    throw new TypeError('problem: result must be a refusal, got one that is allowed');
  }
  const actual = result.source === 'policy' ? 503 : chosen;
  return {
    ...kinds[actual],
    status: actual,
    detail: detail(result),
    'violated-policies': result.violated,
  };
}
