import { bodyOf, type FetchBody, type OpenBody } from './body.js';

/** What `fetch` takes, but for a body that can be opened again for each attempt. */
export interface RetryRequestInit extends Omit<RequestInit, 'body'> {
  /**
   * The body, or a function that opens it anew for each attempt, say a stream. A stream itself is
   * refused. What can change (bytes, a form) must not until the call has ended.
   */
  readonly body?: FetchBody | OpenBody | null | undefined;
}

/** What `fetch` takes first. */
export type FetchInput = Parameters<typeof fetch>[0];

/** A call, understood and checked before anything is sent. */
export interface RetryRequest {
  /** Where it goes: absolute. */
  readonly url: string;
  readonly method: string;
  /** The header fields that the caller gave. */
  readonly headers: Headers;
  /** Whether coming twice does no more than coming once. */
  readonly isRepeatable: boolean;
  /** Whether `fetch` is to follow redirects. */
  readonly follows: boolean;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  /** What `fetch` is given for one attempt. */
  open(signal: AbortSignal): Promise<[FetchInput, RequestInit]>;
  /** What `fetch` is given to send the same elsewhere. */
  openElsewhere(signal: AbortSignal): Promise<RequestInit>;
  /** No other attempt comes. */
  end(): void;
}

/** By RFC 9110, section 9.2.2; TRACE, which is the last of them, cannot be fetched. */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Understands the arguments of `fetch`.
 *
 * @throws TypeError for what `fetch` would refuse, and for a stream as body.
 */
export function requestOf(input: FetchInput, init: RetryRequestInit): RetryRequest {
  const given = isRequest(input) ? input : undefined;
  const { body, signal, ...rest } = init;
  const openBody = bodyOf(body);
  const hasOwnBody = body !== undefined && body !== null;
  if (given?.bodyUsed && !hasOwnBody) {
    throw new TypeError('retryFetch: the body of the request has been used already');
  }
  const headers = new Headers(init.headers ?? given?.headers);
  const hasKey = Boolean(headers.get('idempotency-key')?.trim());
  // The checks are those of `fetch`; but there, in a browser, a mistake of the caller looks like
  // a failure of the network.
  const { url, method } = new Request(given?.url ?? String(input), {
    ...rest,
    method: init.method ?? given?.method ?? 'GET',
    body: hasOwnBody ? '' : null,
  });
  return {
    url,
    method,
    headers,
    isRepeatable: hasKey || idempotentMethods.has(method),
    follows: (init.redirect ?? given?.redirect ?? 'follow') === 'follow',
    signal: (signal === undefined ? given?.signal : signal) ?? undefined,
    async open(attemptSignal) {
      const source = given === undefined || hasOwnBody ? input : given.clone();
      return [source, { ...rest, ...(await openBody()), signal: attemptSignal }];
    },
    async openElsewhere(attemptSignal) {
      const own = await openBody();
      const isFromRequest = !hasOwnBody && given?.body;
      const opened = isFromRequest ? { body: await given.clone().arrayBuffer() } : own;
      return { ...rest, ...opened, signal: attemptSignal };
    },
    end() {
      // What was kept for another attempt goes, and the request is used up, as it is by `fetch`.
      if (!hasOwnBody) given?.body?.cancel().catch(() => {});
    },
  };
}

function isRequest(input: FetchInput): input is Request {
  return typeof input === 'object' && 'url' in input && typeof input.clone === 'function';
}
