/**
 * The limiter as connect-style middleware: for `node:http`, Express 4 and 5, and their kin.
 *
 * @packageDocumentation
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { requireInteger } from '@gabion/contract';
import { type HttpAnswerOptions, httpAnswer } from './http.js';
import type { Keys } from './shell/arguments.js';
import { type ClientAddressOptions, createClientAddress } from './web/client-address.js';
import {
  httpDefaults,
  requireBucket,
  requireDraft,
  requireFunction,
  requireStatus,
  type Taker,
} from './web/http-options.js';

export type { HttpAnswerOptions } from './http.js';
export {
  type AddressedRequest,
  type ClientAddressOptions,
  clientAddress,
  type Peer,
} from './web/client-address.js';
export type { Taker } from './web/http-options.js';

/** What is limited, by what, and how a refusal is answered. */
export interface RateLimitOptions<Req extends IncomingMessage = IncomingMessage>
  extends HttpAnswerOptions,
    ClientAddressOptions {
  /**
   * Says whose tokens a request takes: a text, or a text per limit where the bucket has several.
   * An empty text is an error. `trustedProxies` and `ipv6PrefixBits` belong to the default key, so
   * they cannot be given beside one of your own: give them to `clientAddress` and call that.
   *
   * @defaultValue `clientAddress({ trustedProxies, ipv6PrefixBits })`
   */
  readonly key?: ((request: Req) => Keys) | undefined;
  /**
   * What a request costs, in whole tokens. 0 never takes; it only tells how things stand.
   *
   * @defaultValue `1`
   */
  readonly cost?: number | undefined;
}

/** A connect-style middleware. */
export type Middleware<Req extends IncomingMessage = IncomingMessage> = (
  request: Req,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

function keyOf<Req extends IncomingMessage>(options: RateLimitOptions<Req>) {
  const { key, trustedProxies, ipv6PrefixBits } = options;
  if (key === undefined) return createClientAddress('rateLimit', options);
  for (const [argument, value] of Object.entries({ trustedProxies, ipv6PrefixBits })) {
    if (value === undefined) continue;
    throw new TypeError(
      `rateLimit: ${argument} belongs to the default key, got ${value} beside a key`,
    );
  }
  return requireFunction('rateLimit', 'key', key);
}

function addHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    // These are lists, and another limiter may have added its own; all others have one value.
    if (name.startsWith('RateLimit')) response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
}

/**
 * Creates a middleware that takes tokens for each request. One that is allowed goes on to `next()`
 * with the RateLimit fields set. One that is refused is answered here, with a problem document,
 * and `next` is not called. What fails (the store, or the key function) goes to `next(error)`.
 * A request that was answered meanwhile, or whose client hung up, goes nowhere, though its tokens
 * are taken. Nothing is thrown by the middleware itself.
 *
 * @throws TypeError | RangeError if an option is not one of its values.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createTokenBucket } from '@gabion/token-bucket';
 * import { rateLimit } from '@gabion/token-bucket/node';
 *
 * const bucket = createTokenBucket({ capacity: 20, refill: { tokens: 10, everyMs: 1_000 } });
 * const limiter = rateLimit(bucket);
 * createServer((req, res) => {
 *   limiter(req, res, (error) => {
 *     if (error) res.statusCode = 500;
 *     res.end();
 *   });
 * });
 * // Express: app.use(rateLimit(bucket, { trustedProxies: 1 }));
 * ```
 */
export function rateLimit<Req extends IncomingMessage = IncomingMessage>(
  bucket: Taker,
  options: RateLimitOptions<Req> = {},
): Middleware<Req> {
  requireBucket('rateLimit', bucket);
  const status = requireStatus('rateLimit', options.status);
  const draft = requireDraft('rateLimit', options.draft);
  const cost = requireInteger('rateLimit', 'cost', options.cost ?? httpDefaults.cost, { min: 0 });
  const key = keyOf(options);

  /** Resolves to whether the request goes on. */
  async function admit(request: Req, response: ServerResponse): Promise<boolean> {
    const result = await bucket.take(key(request), { cost });
    if (response.destroyed || response.headersSent) return false;
    const answer = httpAnswer(result, { status, draft });
    addHeaders(response, answer.headers);
    if (answer.status === undefined) return true;
    response.statusCode = answer.status;
    // Over HTTP/1 a body to HEAD is dropped; over HTTP/2 it is an error on the stream.
    response.end(request.method === 'HEAD' ? undefined : answer.body);
    return false;
  }

  return (request, response, next) => {
    // Not a `catch` behind it: what `next` itself throws is not to be handed to `next` again.
    admit(request, response).then((goesOn) => goesOn && next(), next);
  };
}
