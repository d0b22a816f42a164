/** A request as `fetch` takes it. */
export interface Sendable {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
}

/** Whether an answer sends the request elsewhere. */
export function isRedirect({ status, headers }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.has('location');
}

const aboutTheBody = ['encoding', 'language', 'location', 'type', 'length'];
const forTheOrigin = ['authorization', 'proxy-authorization', 'cookie', 'host'];

/**
 * Returns the request that an answer sends elsewhere, by the rules of the fetch standard
 * ("HTTP-redirect fetch"): some turn into a GET, and credentials stay with their origin.
 *
 * @throws TypeError if the answer leads nowhere.
 */
export function redirected({ url, method, headers }: Sendable, answer: Response): Sendable {
  const next = new URL(answer.headers.get('location') ?? '', url);
  if (!/^https?:$/.test(next.protocol)) {
    throw new TypeError(`retryFetch: a redirect must lead to http or https, got ${next.protocol}`);
  }
  const current = new URL(url);
  if (next.hash === '') next.hash = current.hash;
  const kept = new Headers(headers);
  const becomesGet =
    answer.status === 303
      ? !['GET', 'HEAD'].includes(method)
      : answer.status < 303 && method === 'POST';
  if (becomesGet) for (const part of aboutTheBody) kept.delete(`content-${part}`);
  if (next.origin !== current.origin) for (const name of forTheOrigin) kept.delete(name);
  return { url: next.href, method: becomesGet ? 'GET' : method, headers: kept };
}
