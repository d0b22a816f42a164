import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { FetchBody } from '../src/fetch.js';
import { impatient } from './fetch-pools.js';
import { deadUrl, scripted } from './fetch-server.js';

const form = new FormData();
form.set('item', 'lamp');
const bytes = new TextEncoder().encode('text');
const bodies: [string, FetchBody, RegExp][] = [
  ['a text', 'text', /^text$/],
  ['an empty text', '', /^$/],
  ['bytes', bytes, /^text$/],
  ['a part of a buffer', bytes.subarray(1, 3), /^ex$/],
  ['a buffer', bytes.buffer, /^text$/],
  ['URL parameters', new URLSearchParams({ a: '1', b: '2' }), /^a=1&b=2$/],
  ['a blob', new Blob(['te', 'xt']), /^text$/],
  ['a form', form, /name="item"\r\n\r\nlamp\r\n/],
];

const streamOf = (text: string) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });

async function* chunksOf(text: string) {
  yield new TextEncoder().encode(text);
}

const streams: [string, unknown][] = [
  ['a web stream', streamOf('text')],
  ['a stream of Node.js', Readable.from(['text'])],
  ['an async generator', chunksOf('text')],
];

describe('8. a body that can be replayed is, and a stream needs a function that opens it', () => {
  test.each(bodies)('%s is sent with each attempt', async (_, body, expected) => {
    const server = await scripted(503, 'reset', 200);
    const response = await impatient()(server.url, { method: 'PUT', body });
    expect(response.status).toBe(200);
    expect(server.received).toHaveLength(3);
    for (const request of server.received) expect(request.body).toMatch(expected);
    expect(server.received.every(({ headers }) => headers['content-length'] !== undefined)).toBe(
      true,
    );
  });

  test.each(streams)('%s is refused before anything is sent', async (_, body) => {
    const server = await scripted();
    const init = { method: 'PUT', body: body as FetchBody, duplex: 'half' as const };
    await expect(impatient()(server.url, init)).rejects.toThrow(
      new TypeError(
        'retryFetch: body must be replayable, got a stream; give a function that opens it instead',
      ),
    );
    expect(server.received).toHaveLength(0);
  });

  test('a function opens the stream anew for each attempt', async () => {
    const server = await scripted(503, 'close', 200);
    let opened = 0;
    const body = () => {
      opened += 1;
      return streamOf(`stream ${opened}`);
    };
    const response = await impatient()(server.url, { method: 'PUT', body });
    expect(response.status).toBe(200);
    expect(server.received.map((request) => request.body)).toEqual([
      'stream 1',
      'stream 2',
      'stream 3',
    ]);
  });

  test.each([
    ['a stream of Node.js', () => Readable.from(['text']) as unknown as FetchBody],
    ['an async generator', () => chunksOf('text') as unknown as FetchBody],
    ['a text', () => 'text'],
    ['a text, later', async () => 'text'],
  ])('it may open %s', async (_, body) => {
    const server = await scripted(503, 200);
    expect((await impatient()(server.url, { method: 'PUT', body })).status).toBe(200);
    expect(server.received.map((request) => request.body)).toEqual(['text', 'text']);
  });

  test('what the function throws is no failure of the network', async () => {
    const server = await scripted();
    let opened = 0;
    const body = () => {
      opened += 1;
      throw new TypeError('no such file', { cause: 'a mistake' });
    };
    await expect(impatient()(server.url, { method: 'PUT', body })).rejects.toThrow('no such file');
    expect([opened, server.received.length]).toEqual([1, 0]);
  });
});

describe('8. a Request is sent as it is given, with each attempt', () => {
  test('its body, method and header go with every attempt, and it is used up', async () => {
    const server = await scripted(503, 'close', 200);
    const headers = { 'X-Trace': '42', 'Idempotency-Key': 'k' };
    const request = new Request(server.url, { method: 'POST', body: 'order', headers });
    const response = await impatient()(request);
    expect(response.status).toBe(200);
    expect(server.received.map(({ body }) => body)).toEqual(['order', 'order', 'order']);
    expect(server.received.map((one) => one.headers['x-trace'])).toEqual(['42', '42', '42']);
    expect(server.methods).toBe('POST POST POST');
    expect(request.bodyUsed).toBe(true);
  });

  test('one made of a stream is kept in memory', async () => {
    const server = await scripted(503, 200);
    const init = { method: 'PUT', body: streamOf('text'), duplex: 'half' as const };
    expect((await impatient()(new Request(server.url, init))).status).toBe(200);
    expect(server.received.map(({ body }) => body)).toEqual(['text', 'text']);
  });

  test('the second argument wins, body included', async () => {
    const server = await scripted(503, 200);
    const request = new Request(server.url, { method: 'POST', body: 'old' });
    const init = { method: 'PUT', body: 'new', headers: { 'X-Trace': '43' } };
    expect((await impatient()(request, init)).status).toBe(200);
    expect(server.received.map(({ body }) => body)).toEqual(['new', 'new']);
    expect(server.received[1]?.headers['x-trace']).toBe('43');
    expect(server.methods).toBe('PUT PUT');
    expect(request.bodyUsed).toBe(false);
  });

  test('one whose body has been used is refused', async () => {
    const request = new Request(await deadUrl(), { method: 'PUT', body: 'text' });
    await request.text();
    await expect(impatient()(request)).rejects.toThrow(
      new TypeError('retryFetch: the body of the request has been used already'),
    );
  });

  test('a URL object is an address as any other', async () => {
    const server = await scripted(503);
    expect((await impatient()(new URL('orders?of=lamps', server.url))).status).toBe(200);
    expect(server.received.map(({ path }) => path)).toEqual([
      '/orders?of=lamps',
      '/orders?of=lamps',
    ]);
  });

  test('an address that is no HTTP is fetched as it is', async () => {
    const response = await impatient()('data:,hello');
    expect(await response.text()).toBe('hello');
  });
});
