import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRetryFetch, type Fetch, type RetryRequestInit } from '../src/fetch.js';
import { impatient, poolOf } from './fetch-pools.js';
import { deadUrl, raw, scripted } from './fetch-server.js';

/** A `fetch` that counts how often it is called. */
function counted(real: Fetch = globalThis.fetch) {
  const calls: RequestInit[] = [];
  const fetch = createRetryFetch({
    pool: poolOf(),
    fetch: (input, init = {}) => {
      calls.push(init);
      return real(input, init);
    },
  });
  return { fetch, calls };
}

const thrownBy = (call: Promise<unknown>) => call.catch((error: unknown) => error);

describe('8. POST and PATCH are repeated when the request was never sent', () => {
  test.each(['POST', 'PATCH', 'GET'])('%s to where nobody listens is', async (method) => {
    const { fetch, calls } = counted();
    const error = await thrownBy(fetch(await deadUrl(), { method }));
    expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } });
    expect(calls).toHaveLength(4);
  });

  test('POST to a name that nobody has is', async () => {
    const { fetch, calls } = counted();
    const error = await thrownBy(fetch('http://nobody.invalid/', { method: 'POST' }));
    expect(error).toMatchObject({ cause: { syscall: 'getaddrinfo' } });
    expect(calls).toHaveLength(4);
  });

  test('POST arrives once the server is there', async () => {
    const server = await scripted();
    const dead = await deadUrl();
    const urls = [dead, dead, server.url];
    const { fetch } = counted((_, init) => globalThis.fetch(urls.shift() as string, init));
    expect((await fetch(dead, { method: 'POST', body: 'order' })).status).toBe(200);
    expect(server.received.map(({ body }) => body)).toEqual(['order']);
  });

  const connect = (code: string) => Object.assign(new Error(code), { code, syscall: 'connect' });
  const lost = Object.assign(new Error('x'), { code: 'ECONNRESET', syscall: 'read' });
  const unsent: [string, object][] = [
    [
      'every address refuses',
      new AggregateError([connect('ECONNREFUSED'), connect('ENETUNREACH')]),
    ],
    ['the connection takes too long', { code: 'UND_ERR_CONNECT_TIMEOUT' }],
    ['the name server is not there', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
  ];
  const maybeSent: [string, object][] = [
    ['the connection is reset', lost],
    ['one address refuses, one resets', new AggregateError([connect('ECONNREFUSED'), lost])],
    ['nothing is known', new AggregateError([])],
    ['the header of the answer does not come', { code: 'UND_ERR_HEADERS_TIMEOUT' }],
    ['a host is gone from a connection', { code: 'EHOSTUNREACH', syscall: 'read' }],
  ];

  test.each(unsent)('%s: repeated', async (_, cause) => {
    const { fetch, calls } = counted(() =>
      Promise.reject(new TypeError('fetch failed', { cause })),
    );
    await thrownBy(fetch('http://a.test', { method: 'POST' }));
    expect(calls).toHaveLength(4);
  });

  test.each(maybeSent)('%s: not repeated', async (_, cause) => {
    const { fetch, calls } = counted(() =>
      Promise.reject(new TypeError('fetch failed', { cause })),
    );
    await thrownBy(fetch('http://a.test', { method: 'POST' }));
    expect(calls).toHaveLength(1);
  });
});

describe('8. a failure of the network is repeated where that does no harm', () => {
  test.each([
    ['a connection that is closed at once', (socket) => void socket.destroy()],
    [
      'a connection that is reset',
      (socket) => void socket.once('data', () => socket.resetAndDestroy()),
    ],
    [
      'an answer that is no HTTP',
      (socket) => void socket.end('220 mail.example.com ESMTP\r\n\r\n'),
    ],
    [
      'a header that breaks off',
      (socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Le')),
    ],
  ] satisfies [string, Parameters<typeof raw>[0]][])(
    '%s: GET is, POST is not',
    async (_, serve) => {
      let connections = 0;
      const url = await raw((socket) => {
        connections += 1;
        serve(socket);
      });
      const { fetch, calls } = counted();
      await expect(fetch(url)).rejects.toThrow('fetch failed');
      expect(calls).toHaveLength(4);
      expect(connections).toBeGreaterThanOrEqual(4);
      await expect(fetch(url, { method: 'POST' })).rejects.toThrow('fetch failed');
      expect(calls).toHaveLength(5);
    },
  );

  test.each(['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed'])(
    'browsers give no cause, and say %j',
    async (message) => {
      const { fetch, calls } = counted(() => Promise.reject(new TypeError(message)));
      await expect(fetch('http://a.test')).rejects.toThrow(message);
      expect(calls).toHaveLength(4);
      await expect(fetch('http://a.test', { method: 'POST' })).rejects.toThrow(message);
      expect(calls).toHaveLength(5);
    },
  );

  test('other clients put the code on the error itself', async () => {
    const error = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const { fetch, calls } = counted(() => Promise.reject(error));
    expect(await thrownBy(fetch('http://a.test'))).toBe(error);
    expect(calls).toHaveLength(4);
  });
});

const atOnce: [string, string, RetryRequestInit][] = [
  ['an address that is none', 'nowhere', {}],
  ['an address with a password', 'http://user:secret@a.test/', {}],
  ['a header name', 'http://a.test', { headers: { 'no name': '1' } }],
  ['a header value', 'http://a.test', { headers: { name: 'two\nlines' } }],
  ['a method', 'http://a.test', { method: 'TWO WORDS' }],
  ['a method that is forbidden', 'http://a.test', { method: 'CONNECT' }],
  ['a body for GET', 'http://a.test', { body: 'text' }],
  ['a function as body for GET', 'http://a.test', { body: () => 'text' }],
  ['an option', 'http://a.test', { redirect: 'sometimes' as 'follow' }],
];
const byFetch: [string, string, RetryRequestInit][] = [
  ['a scheme that nobody knows', 'gopher://a.test/', {}],
  ['a port that is not for HTTP', 'http://127.0.0.1:6000/', {}],
  ['a header that is not for callers', '', { headers: { expect: '100-continue' } }],
  ['a header of the connection', '', { headers: { connection: 'two words' } }],
  ['a length that is not that of the body', '', { headers: { 'content-length': '9' } }],
];

describe('8. programmer TypeErrors are never retried', () => {
  test.each(atOnce)('%s is said before anything is sent', async (_, url, init) => {
    const { fetch, calls } = counted();
    await expect(fetch(url, init)).rejects.toThrow(TypeError);
    expect(calls).toHaveLength(0);
  });

  test.each(byFetch)('%s is said by fetch, once', async (_, address, init) => {
    const server = await scripted();
    const url = address || server.url;
    const { fetch, calls } = counted();
    const body = 'content-length' in (init.headers ?? {}) ? { method: 'PUT', body: 'text' } : {};
    await expect(fetch(url, { ...init, ...body })).rejects.toThrow(TypeError);
    expect(calls).toHaveLength(1);
    expect(server.received).toHaveLength(0);
  });

  test('a redirect that is an error, and a checksum that differs', async () => {
    const server = await scripted((response) => {
      response.writeHead(302, { location: '/' }).end();
    });
    const { fetch, calls } = counted();
    await expect(fetch(server.url, { redirect: 'error' })).rejects.toThrow('fetch failed');
    await expect(fetch(server.url, { integrity: 'sha256-AAAA' })).rejects.toThrow('fetch failed');
    expect(calls).toHaveLength(2);
  });

  test('whatever else is thrown is not understood, so it is not repeated', async () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.string().map((message) => new TypeError(message)),
      fc.anything().map((cause) => new TypeError('fetch failed', { cause })),
      fc.string().map((code) => Object.assign(new Error('odd'), { code })),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (thrown) => {
        const { fetch, calls } = counted(() => Promise.reject(thrown));
        expect(await thrownBy(fetch('http://a.test'))).toBe(thrown);
        expect(calls).toHaveLength(1);
      }),
    );
  });
});

describe('8. a failure after a redirect proves nothing about the first request', () => {
  test.each([301, 302, 303, 307, 308])('POST is not sent again after a %i', async (status) => {
    const location = await deadUrl();
    const server = await scripted((response) => {
      response.writeHead(status, { location }).end();
    });
    const error = await thrownBy(impatient()(server.url, { method: 'POST', body: 'order' }));
    expect(error).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(server.received).toHaveLength(1);
  });
});
