import { fileURLToPath } from 'node:url';
import { freePort, startProcess } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';
import { custom } from '../src/backoff.js';
import { createRetryFetch } from '../src/fetch.js';
import { createRetrierPool, type PooledRetrierOptions } from '../src/retrier-pool.js';

const file = fileURLToPath(new URL('fetch-service.mjs', import.meta.url));

async function start(port: number, answer: 'answers' | 'is silent') {
  const service = startProcess(file, [String(port), answer]);
  await service.nextMessage((message) => message === 'listening');
  return service;
}

/** Tries for as long as it takes: the test ends it. */
function persistent(options: PooledRetrierOptions = {}) {
  const patient = { maxAttempts: 1_000, budget: { reserve: 1_000 }, backoff: custom(() => 20) };
  return createRetryFetch({ pool: createRetrierPool({ options: { ...patient, ...options } }) });
}

describe('8. fetch repeats what may be repeated, and gives back what fetch would', () => {
  test('a service that is killed while it works, and started again, is asked again', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/work`;
    await using first = await start(port, 'is silent');
    const read = persistent()(url);
    const write = persistent()(url, { method: 'POST' });
    const lost = write.catch((error: unknown) => error);
    await first.nextMessage();
    await first.nextMessage();
    await first.kill();
    await using second = await start(port, 'answers');
    expect(await (await read).text()).toBe(`from ${second.pid}`);
    expect(await second.nextMessage()).toEqual({ received: 'GET /work' });
    // It had been sent, and nobody knows what became of it.
    expect(await lost).toMatchObject({ message: 'fetch failed' });
  });

  test('a POST to a service that is not there yet waits for it, and arrives once', async () => {
    const port = await freePort();
    const call = persistent()(`http://127.0.0.1:${port}/order`, { method: 'POST', body: '1' });
    await using service = await start(port, 'answers');
    expect(await (await call).text()).toBe(`from ${service.pid}`);
    expect(await service.nextMessage()).toEqual({ received: 'POST /order' });
    await expect(service.nextMessage(undefined, 200)).rejects.toThrow();
  });

  test('a service that stands still is asked again when the time of an attempt is over', async () => {
    const port = await freePort();
    await using service = await start(port, 'answers');
    service.pause();
    const call = persistent({ attemptTimeoutMs: 100 })(`http://127.0.0.1:${port}/work`);
    let isOver = false;
    const over = call.then((response) => {
      isOver = true;
      return response.text();
    });
    // The kernel takes the connections of a process that stands still; nobody answers on them.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(isOver).toBe(false);
    service.resume();
    expect(await over).toBe(`from ${service.pid}`);
  });
});
