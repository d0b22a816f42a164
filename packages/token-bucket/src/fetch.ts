/**
 * The limiter around a web handler, `(request) => Response`: for Hono, Next, Deno, Bun and Workers.
 *
 * @packageDocumentation
 */
import { requireInteger } from '@gabion/contract';
import { type HttpAnswerOptions, httpAnswer } from './http.js';
import type { Keys } from './shell/arguments.js';
import {
  httpDefaults,
  requireBucket,
  requireDraft,
  requireFunction,
  requireStatus,
  type Taker,
} from './web/http-options.js';

export type { HttpAnswerOptions } from './http.js';
export type { Taker } from './web/http-options.js';

/** What is limited, by what, and how a refusal is answered. */
export interface WithRateLimitOptions<Req extends Request = Request> extends HttpAnswerOptions {
  /**
   * Says whose tokens a request takes: a text, or a text per limit where the bucket has several.
   * There is no default, since a `Request` does not tell the client's address: read the header
   * that your platform sets and that clients cannot (`cf-connecting-ip` at Cloudflare), or who
   * has signed in. An empty text is an error.
   */
  readonly key: (request: Req) => Keys;
  /**
   * What a request costs, in whole tokens. 0 never takes; it only tells how things stand.
   *
   * @defaultValue `1`
   */
  readonly cost?: number | undefined;
}

/** The response with header fields added. A response that `fetch` returned cannot be changed. */
function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  // An upgrade (101) or a network error (0) cannot be built anew, and has no reader for fields.
  if (response.status < 200) return response;
  const copy = new Response(response.body, response);
  for (const [name, value] of Object.entries(headers)) copy.headers.append(name, value);
  return copy;
}

/**
 * Wraps a handler so that each request takes tokens first. One that is allowed goes to the handler,
 * with whatever else the platform passed, and the RateLimit fields are added to a copy of its
 * response. One that is refused is answered with a problem document; the handler is not called.
 * What fails (the store, the key function, the handler) rejects.
 *
 * @throws TypeError | RangeError if an argument or an option is not one of its values.
 * @example
 * ```ts
 * import { createTokenBucket } from '@gabion/token-bucket';
 * import { withRateLimit } from '@gabion/token-bucket/fetch';
 *
 * const bucket = createTokenBucket({ capacity: 20, refill: { tokens: 10, everyMs: 1_000 } });
 * const key = (request: Request) => request.headers.get('cf-connecting-ip') ?? 'unknown';
 * export default { fetch: withRateLimit(bucket, { key }, () => new Response('served')) };
 * ```
 */
export function withRateLimit<Req extends Request, Rest extends unknown[]>(
  bucket: Taker,
  options: WithRateLimitOptions<Req>,
  handler: (request: Req, ...rest: Rest) => Response | Promise<Response>,
): (request: Req, ...rest: Rest) => Promise<Response> {
  requireBucket('withRateLimit', bucket);
  const key = requireFunction('withRateLimit', 'key', options.key);
  const status = requireStatus('withRateLimit', options.status);
  const draft = requireDraft('withRateLimit', options.draft);
  const cost = requireInteger('withRateLimit', 'cost', options.cost ?? httpDefaults.cost, {
    min: 0,
  });
  requireFunction('withRateLimit', 'handler', handler);

  return async (request, ...rest) => {
    const result = await bucket.take(key(request), { cost });
    const answer = httpAnswer(result, { status, draft });
    if (answer.status === undefined) {
      return withHeaders(await handler(request, ...rest), answer.headers);
    }
    const body = request.method === 'HEAD' ? null : answer.body;
    return new Response(body, { status: answer.status, headers: { ...answer.headers } });
  };
}
