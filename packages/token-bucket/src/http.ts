/**
 * One decision as HTTP: the status, the header fields and the body, as plain values for any
 * framework. `./node` and `./fetch` are made of this.
 *
 * @packageDocumentation
 */

import type { TakeResult } from './result.js';
import { type RateLimitHeadersOptions, rateLimitHeaders } from './web/headers.js';
import { type RefusalStatus, requireDraft, requireStatus } from './web/http-options.js';
import { type ProblemOptions, problem } from './web/problem.js';

export type { Allowed, LimitStanding, Refused, Standing, TakeResult } from './result.js';
export {
  type RateLimitHeadersOptions,
  type RetryAfterOptions,
  rateLimitHeaders,
  retryAfter,
} from './web/headers.js';
export type { RateLimitDraft, RefusalStatus } from './web/http-options.js';
export { type ProblemOptions, problem, type RateLimitProblem } from './web/problem.js';

/** How a decision is answered. */
export interface HttpAnswerOptions extends RateLimitHeadersOptions, ProblemOptions {}

/** The answer to a take that was allowed: header fields for the response that follows. */
export interface PassingAnswer {
  /** Undefined: the handler behind the limiter decides it. */
  readonly status: undefined;
  /** Header fields by name, to be added to the handler's own. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: the handler behind the limiter writes it. */
  readonly body: undefined;
}

/** The answer to a take that was refused: the whole response. */
export interface RefusingAnswer {
  /** The status of the response. */
  readonly status: RefusalStatus;
  /** Header fields by name, `Content-Type` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The problem document as JSON text; left out in the answer to a HEAD request. */
  readonly body: string;
}

/**
 * Turns one decision into all that HTTP says about it. {@link rateLimitHeaders} and
 * {@link problem} are its parts.
 *
 * @throws RangeError if an option is not one of its values.
 * @example
 * ```ts
 * import { createTokenBucket } from '@gabion/token-bucket';
 * import { httpAnswer } from '@gabion/token-bucket/http';
 *
 * const bucket = createTokenBucket({ capacity: 20, refill: { tokens: 10, everyMs: 1_000 } });
 * const { status, headers, body } = httpAnswer(await bucket.take('user:42'));
 * // Fastify: reply.headers(headers); if (status) return reply.code(status).send(body);
 * // Koa: ctx.set(headers); if (status) { ctx.status = status; ctx.body = body; return; }
 * ```
 */
export function httpAnswer(
  result: TakeResult,
  options: HttpAnswerOptions = {},
): PassingAnswer | RefusingAnswer {
  const draft = requireDraft('httpAnswer', options.draft);
  const status = requireStatus('httpAnswer', options.status);
  const headers = rateLimitHeaders(result, { draft });
  if (result.allowed) return { status: undefined, headers, body: undefined };
  const document = problem(result, { status });
  headers['Content-Type'] = 'application/problem+json';
  return { status: document.status, headers, body: JSON.stringify(document) };
}
