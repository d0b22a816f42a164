/** What `fetch` takes as a body. */
export type FetchBody = NonNullable<RequestInit['body']>;

/** Opens the same body anew for each attempt. */
export type OpenBody = () => FetchBody | Promise<FetchBody>;

/** What is given to each attempt: a body, and the mode that `fetch` demands of a stream. */
export interface AttemptBody {
  readonly body?: FetchBody | null | undefined;
  readonly duplex?: 'half' | undefined;
}

/**
 * Whether a body can be read only once. What is no stream is a value, and `fetch` makes the same
 * bytes of it each time.
 */
export function isStream(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  const { getReader, pipe } = body as { getReader?: unknown; pipe?: unknown };
  const isNode = typeof pipe === 'function';
  return isNode || typeof getReader === 'function' || Symbol.asyncIterator in body;
}

/**
 * Returns what makes the body of each attempt.
 *
 * @throws TypeError for a stream: after one attempt there is nothing of it left to send.
 */
export function bodyOf(
  body: FetchBody | OpenBody | null | undefined,
): () => AttemptBody | Promise<AttemptBody> {
  if (typeof body === 'function') return async () => forAttempt(await body());
  if (!isStream(body)) return () => ({ body });
  throw new TypeError(
    'retryFetch: body must be replayable, got a stream; give a function that opens it instead',
  );
}

function forAttempt(body: FetchBody): AttemptBody {
  return isStream(body) ? { body, duplex: 'half' } : { body };
}
