import { describe, expect, test } from 'vitest';
import { createRetryFetch, type RetryFetch, type RetryRequestInit } from '../src/fetch.js';
import { poolOf } from './fetch-pools.js';
import { deadUrl, type Received, reply, scripted } from './fetch-server.js';

const ours = createRetryFetch({ pool: poolOf() });
const theirs = globalThis.fetch as RetryFetch;

const told = ['authorization', 'cookie', 'content-type', 'content-language', 'x-trace'];

function summary({ method, path, body, headers }: Received) {
  const fields = Object.fromEntries(told.map((name) => [name, headers[name]]));
  return { method, path, body, ...fields };
}

/** What two servers receive, and what the caller gets, when the first redirects to the other. */
async function journey(fetch: RetryFetch, status: number, place: string, init: RetryRequestInit) {
  const far = await scripted();
  const location = place === 'elsewhere' ? `${far.url}there` : '/there#part';
  const near = await scripted(reply(status, { location }, 'moved'));
  const response = await fetch(`${near.url}here#top`, init);
  return {
    requests: [...near.received, ...far.received].map(summary),
    status: response.status,
    isRedirected: response.redirected,
    url: response.url.replace(near.url, 'near:').replace(far.url, 'far:'),
    text: await response.text(),
  };
}

const headers = {
  Authorization: 'Bearer secret',
  Cookie: 'a=b',
  'Content-Language': 'de',
  'X-Trace': '1',
};
const statuses = [301, 302, 303, 307, 308];
const cases = statuses.flatMap((status) =>
  ['POST', 'PATCH'].flatMap((method) =>
    ['here', 'elsewhere'].map((place) => [method, status, place] as const),
  ),
);

describe('8. redirects lead where those of fetch lead, and prove that the request was sent', () => {
  test.each(cases)('%s, %i, to a place %s, as fetch does', async (method, status, place) => {
    const init = { method, body: 'order', headers };
    const expected = await journey(theirs, status, place, init);
    expect(await journey(ours, status, place, init)).toEqual(expected);
    expect(expected).toMatchObject({ status: 200, isRedirected: true });
  });

  test('a form is sent to the next place as a form', async () => {
    const body = new URLSearchParams({ a: '1' });
    const init = { method: 'POST', body };
    const { requests } = await journey(ours, 307, 'here', init);
    expect(requests[1]).toMatchObject({
      body: 'a=1',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    });
  });

  test('a stream that can be opened again is sent to the next place', async () => {
    const body = () => new Blob(['order']).stream();
    const { requests } = await journey(ours, 308, 'here', { method: 'POST', body });
    expect(requests.map((request) => request.body)).toEqual(['order', 'order']);
  });

  test('a Request goes to the next place with its body and header', async () => {
    const server = await scripted(reply(307, { location: '/there' }));
    const request = new Request(server.url, { method: 'POST', body: 'order', headers });
    const response = await ours(request);
    expect(response.url).toBe(`${server.url}there`);
    expect(server.received.map(({ body }) => body)).toEqual(['order', 'order']);
    expect(server.received[1]?.headers).toMatchObject({ 'x-trace': '1', cookie: 'a=b' });
  });

  test.each(['manual', 'error'] as const)('redirect: %j is left to fetch', async (redirect) => {
    const init = { method: 'POST', redirect };
    const outcome = async (fetch: RetryFetch) => {
      const server = await scripted(reply(303, { location: '/there' }));
      const call = fetch(server.url, init);
      return call.then(({ status }) => status).catch(({ message }: Error) => message);
    };
    expect(await outcome(ours)).toBe(await outcome(theirs));
  });

  test('a redirect without a place is an answer', async () => {
    const server = await scripted(302);
    expect((await ours(server.url, { method: 'POST' })).status).toBe(302);
  });

  test.each(['ftp://a.test/', 'data:,hello', 'http://[', 'http://user:secret@a.test/'])(
    'a redirect to %s is a TypeError, once',
    async (location) => {
      const server = await scripted(reply(303, { location }));
      await expect(ours(server.url, { method: 'POST' })).rejects.toThrow(TypeError);
      expect(server.received).toHaveLength(1);
    },
  );

  test('what calls for a retry at the next place is given back', async () => {
    const server = await scripted(reply(303, { location: '/there' }), 503, 200);
    const response = await ours(server.url, { method: 'POST' });
    expect(response.status).toBe(503);
    expect(server.methods).toBe('POST GET');
  });

  test('what may be repeated is, from the first place on', async () => {
    const location = await deadUrl();
    const server = await scripted(reply(307, { location }), reply(303, { location: '/' }), 503);
    const response = await ours(server.url, { method: 'PUT', body: 'text' });
    expect(response.status).toBe(200);
    expect(server.methods).toBe('PUT PUT GET PUT');
  });
});
