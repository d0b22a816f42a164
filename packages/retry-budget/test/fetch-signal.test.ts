import { getEventListeners } from 'node:events';
import { createManualClock } from '@gabion/clock/testing';
import { until } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';
import { createRetryFetch, type RetryFetch } from '../src/fetch.js';
import { impatient, poolOf } from './fetch-pools.js';
import { reply, scripted, soon } from './fetch-server.js';

const thrownBy = (call: Promise<unknown>) => call.catch((error: unknown) => error);

describe('8. an abort is retried only when it was the time of this very attempt', () => {
  test.each(['GET', 'PUT'])('%s: a server that never answers is asked again', async (method) => {
    const clock = createManualClock();
    const server = await scripted('stall', 200);
    const call = impatient({ attemptTimeoutMs: 1_000, clock })(server.url, { method });
    await until(() => server.received.length === 1);
    clock.advance(1_000);
    expect((await call).status).toBe(200);
    expect(server.received).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  test('POST is not: nobody knows what became of it', async () => {
    const clock = createManualClock();
    const server = await scripted('stall');
    const call = impatient({ attemptTimeoutMs: 1_000, clock })(server.url, { method: 'POST' });
    const thrown = thrownBy(call);
    await until(() => server.received.length === 1);
    clock.advance(1_000);
    expect(await thrown).toMatchObject({ code: 'ATTEMPT_TIMEOUT' });
    expect(server.received).toHaveLength(1);
  });

  test('the connection of an attempt whose time is over is closed', async () => {
    const clock = createManualClock();
    let closed = 0;
    const server = await scripted((_, { socket }) => {
      socket.on('close', () => {
        closed += 1;
      });
    });
    const call = impatient({ attemptTimeoutMs: 1_000, clock })(server.url);
    await until(() => server.received.length === 1);
    clock.advance(1_000);
    expect((await call).status).toBe(200);
    await until(() => closed === 1);
  });

  test.each([
    ['an AbortError', new DOMException('stop', 'AbortError')],
    ['a TimeoutError', new DOMException('late', 'TimeoutError')],
  ])('%s of somebody else is not', async (_, error) => {
    let calls = 0;
    const pool = poolOf({ attemptTimeoutMs: 60_000 });
    const fetch = createRetryFetch({
      pool,
      fetch() {
        calls += 1;
        return Promise.reject(error);
      },
    });
    expect(await thrownBy(fetch('http://a.test'))).toBe(error);
    expect(calls).toBe(1);
  });

  test.each([
    [
      'the second argument',
      (fetch: RetryFetch, url: string, signal: AbortSignal) => fetch(url, { signal }),
    ],
    [
      'a Request',
      (fetch: RetryFetch, url: string, signal: AbortSignal) => fetch(new Request(url, { signal })),
    ],
  ])('the signal of %s ends a call in an attempt, with its reason', async (_, call) => {
    const server = await scripted('stall');
    const controller = new AbortController();
    const thrown = thrownBy(call(impatient(), server.url, controller.signal));
    await until(() => server.received.length === 1);
    controller.abort(new Error('enough'));
    expect(await thrown).toEqual(new Error('enough'));
    expect(server.received).toHaveLength(1);
  });

  test('the signal ends a call between two attempts, and the connection of the answer', async () => {
    const clock = createManualClock();
    let isClosed = false;
    const server = await scripted((response) => {
      response.on('close', () => {
        isClosed = true;
      });
      response.writeHead(503).write('there is more');
    });
    const controller = new AbortController();
    const { signal } = controller;
    const thrown = thrownBy(impatient({ clock, backoff: () => 1_000 })(server.url, { signal }));
    await until(() => clock.pending === 1);
    controller.abort(0);
    expect(await thrown).toBe(0);
    await until(() => isClosed);
    expect(clock.pending).toBe(0);
  });

  test('a signal that is aborted already sends nothing', async () => {
    const server = await scripted();
    const signal = AbortSignal.abort('before');
    expect(await thrownBy(impatient()(server.url, { signal }))).toBe('before');
    expect(server.received).toHaveLength(0);
  });

  test('null takes the signal of a Request away', async () => {
    const server = await scripted();
    const request = new Request(server.url, { signal: AbortSignal.abort('before') });
    expect((await impatient()(request, { signal: null })).status).toBe(200);
  });
});

describe('8. the signal of the caller covers the body of what is given back', () => {
  const endless = reply(200, {});
  const slow = [200, 503].map((status) => [status] as const);

  test.each(slow)('a body with status %i ends with the reason', async (status) => {
    const server = await scripted((response) => void response.writeHead(status).write('begun'));
    const controller = new AbortController();
    const { signal } = controller;
    const response = await impatient({ maxAttempts: 1 })(server.url, { signal });
    const thrown = thrownBy(response.text());
    controller.abort(new Error('enough'));
    expect(await soon(thrown)).toEqual(new Error('enough'));
  });

  test('also after retries, and when the time of an attempt is long over', async () => {
    const clock = createManualClock();
    const server = await scripted(503, (response) => void response.writeHead(200).write('begun'));
    const controller = new AbortController();
    const { signal } = controller;
    const fetch = impatient({ clock, attemptTimeoutMs: 1_000, deadlineMs: 5_000 });
    const response = await fetch(server.url, { signal });
    const reader = response.body?.getReader();
    expect(await reader?.read()).toMatchObject({ done: false });
    clock.advance(60_000);
    const next = thrownBy(reader?.read() as Promise<unknown>);
    controller.abort('enough');
    expect(await soon(next)).toBe('enough');
  });

  test('no listener is left when a call has ended without a body, or without an answer', async () => {
    const server = await scripted(503, 'close', 204, 'close');
    const { signal } = new AbortController();
    const fetch = impatient();
    await fetch(server.url, { signal });
    await thrownBy(fetch(server.url, { signal, method: 'POST' }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('a hundred calls share one signal without a warning', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    const replies = Array.from({ length: 100 }, () => endless);
    const server = await scripted(503, 503, ...replies);
    const controller = new AbortController();
    const fetch = impatient();
    const calls = replies.map(() => fetch(server.url, { signal: controller.signal }));
    const responses = await Promise.all(calls);
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    await new Promise(setImmediate);
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });
});
