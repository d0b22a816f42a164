import { isRedirect, redirected } from './redirect.js';
import type { FetchInput, RetryRequest } from './request.js';

/** Whatever can be called as `fetch` can. */
export type Fetch = (input: FetchInput, init?: RequestInit) => Promise<Response>;

/** Whether the runtime says what became of a connection; browsers never do. */
const tellsOfConnections =
  (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !==
  undefined;

/**
 * Sends a request, once. Where it matters whether anything was sent, redirects are followed in a
 * step of their own: a connection that is refused after one says nothing about the first request.
 *
 * @param answered - Called when a server has received the request, though it sends it elsewhere.
 */
export async function send(
  fetch: Fetch,
  request: RetryRequest,
  signal: AbortSignal,
  answered: () => void,
): Promise<Response> {
  const [input, init] = await request.open(signal);
  if (request.isRepeatable || !request.follows || !tellsOfConnections) return fetch(input, init);
  const answer = await fetch(input, { ...init, redirect: 'manual' });
  if (!isRedirect(answer)) return answer;
  answered();
  answer.body?.cancel().catch(() => {});
  const { url, method, headers } = redirected(request, answer);
  const elsewhere = await request.openElsewhere(signal);
  if (method !== request.method) delete elsewhere.body;
  const last = await fetch(url, { ...elsewhere, method, headers, redirect: 'follow' });
  return Object.defineProperty(last, 'redirected', { value: true });
}
