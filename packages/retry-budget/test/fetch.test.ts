import { describe, expect, test } from 'vitest';
import { retryInfo } from '../src/retry-info.js';
import { impatient } from './fetch-pools.js';
import { scripted } from './fetch-server.js';

const retried = [408, 425, 429, 500, 502, 503, 504];

describe('8. fetch repeats what may be repeated, and gives back what fetch would', () => {
  test.each(retried)('status %i is asked again', async (status) => {
    const server = await scripted(status, status, 200);
    const response = await impatient()(server.url);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('status 200');
    expect(server.methods).toBe('GET GET GET');
  });

  test.each([200, 204, 206, 304, 400, 401, 403, 404, 409, 410, 418, 501, 505, 507])(
    'status %i is an answer like any other',
    async (status) => {
      const server = await scripted(status);
      const response = await impatient()(server.url);
      expect(response.status).toBe(status);
      expect(server.methods).toBe('GET');
    },
  );

  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'get', 'put'])(
    '%s is repeated',
    async (method) => {
      const server = await scripted(503, 'close', 200);
      const response = await impatient()(server.url, { method });
      expect(response.status).toBe(200);
      expect(server.received).toHaveLength(3);
    },
  );

  test.each(['POST', 'PATCH', 'post', 'PROPFIND', 'LOCK'])(
    '%s is not repeated: the answer is given back',
    async (method) => {
      const server = await scripted(503);
      const response = await impatient()(server.url, { method });
      expect(response.status).toBe(503);
      expect(await response.text()).toBe('status 503');
      expect(server.received).toHaveLength(1);
    },
  );

  test.each(['POST', 'PATCH'])('%s is not repeated: the failure is thrown', async (method) => {
    const server = await scripted('close');
    await expect(impatient()(server.url, { method })).rejects.toThrow('fetch failed');
    expect(server.received).toHaveLength(1);
  });

  test.each(['POST', 'PATCH', 'PROPFIND'])('%s with an Idempotency-Key is', async (method) => {
    const server = await scripted(503, 'close', 200);
    const headers = { 'Idempotency-Key': '"8e03978e"' };
    const response = await impatient()(server.url, { method, headers, body: 'order' });
    expect(response.status).toBe(200);
    expect(server.received.map(({ body }) => body)).toEqual(['order', 'order', 'order']);
    const keys = server.received.map((request) => request.headers['idempotency-key']);
    expect(keys).toEqual(['"8e03978e"', '"8e03978e"', '"8e03978e"']);
  });

  test('an empty Idempotency-Key is none', async () => {
    const server = await scripted(503);
    const headers = { 'Idempotency-Key': ' ' };
    const response = await impatient()(server.url, { method: 'POST', headers });
    expect(response.status).toBe(503);
    expect(server.received).toHaveLength(1);
  });

  test('exhausted, it gives the last answer back, with its body, and not the first', async () => {
    const server = await scripted(500, 502, 503, 504);
    const response = await impatient()(`${server.url}orders`);
    expect(response.status).toBe(504);
    expect(response.url).toBe(`${server.url}orders`);
    expect(await response.text()).toBe('status 504');
    expect(server.received).toHaveLength(4);
  });

  test('exhausted by the network, it throws what fetch threw', async () => {
    const server = await scripted(500, 'close', 'reset', 'close');
    const error = await impatient()(server.url).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'UND_ERR_SOCKET' } });
    expect(retryInfo(error)?.attempts).toHaveLength(4);
  });

  test('without a budget the first answer is given back, and retryInfo says why', async () => {
    const server = await scripted(503, 503);
    const fetch = impatient({ budget: { ratio: 0, reserve: 0 }, maxAttempts: 3 });
    const response = await fetch(server.url);
    expect(response.status).toBe(503);
    expect(server.received).toHaveLength(2);
    const again = await fetch(server.url);
    expect(again.status).toBe(200);
    const scarce = await scripted(503, 503, 503);
    await fetch(scarce.url);
    const last = await fetch(scarce.url);
    expect(last.status).toBe(503);
    expect(retryInfo(last)).toMatchObject({ budgetExhausted: true, attempts: [{}] });
  });

  test('an answer that is no success pays nothing into the budget', async () => {
    const server = await scripted(503, 500, 503, 200, 503);
    const fetch = impatient({ budget: { ratio: 1, reserve: 1 }, maxAttempts: 2 });
    expect((await fetch(server.url)).status).toBe(500);
    expect((await fetch(server.url)).status).toBe(503);
    expect((await fetch(server.url)).status).toBe(200);
    expect((await fetch(server.url)).status).toBe(200);
    expect(server.received).toHaveLength(6);
  });

  test('a body that is cut off after the header fails for whoever reads it', async () => {
    const server = await scripted('cut');
    const response = await impatient()(server.url);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(server.received).toHaveLength(1);
  });

  test('each origin has a budget of its own', async () => {
    const [one, other] = [await scripted(503, 503, 503), await scripted(503)];
    const fetch = impatient({ budget: { ratio: 0, reserve: 1 }, maxAttempts: 2 });
    expect((await fetch(one.url)).status).toBe(503);
    expect((await fetch(one.url)).status).toBe(503);
    expect(one.received).toHaveLength(3);
    expect((await fetch(other.url)).status).toBe(200);
  });

  test('inside an attempt of another retrier it makes a single one', async () => {
    const { createRetrier } = await import('../src/retrier.js');
    const server = await scripted(503, 503, 503, 503);
    const outer = createRetrier({ backoff: () => 0, maxAttempts: 2 });
    const fetch = impatient();
    const run = outer.run(async () => {
      const { status } = await fetch(server.url);
      if (status === 503) throw new Error('busy');
    });
    await expect(run).rejects.toThrow('busy');
    expect(server.received).toHaveLength(2);
  });
});
