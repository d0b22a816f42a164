import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';
import { createRetryFetch } from '../src/fetch.js';
import { impatient, poolOf } from './fetch-pools.js';
import { scripted, soon } from './fetch-server.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('8. the signal of the caller covers the body of what is given back', () => {
  test('a body that is being read is covered when nobody else holds the response', async () => {
    const server = await scripted((response) => void response.writeHead(200).write('begun'));
    const controller = new AbortController();
    const read = async () => {
      const response = await impatient()(server.url, { signal: controller.signal });
      return response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    };
    const reader = await read();
    await reader.read();
    for (let i = 0; i < 5; i += 1) {
      collect();
      await new Promise(setImmediate);
    }
    const rest = reader.read().catch((error: unknown) => error);
    controller.abort('enough');
    expect(await soon(rest)).toBe('enough');
  });

  test('a signal that lives long keeps no response that was dropped', async () => {
    const controller = new AbortController();
    const fetch = createRetryFetch({
      pool: poolOf(),
      fetch: async () => new Response(new ReadableStream()),
    });
    const call = async () => {
      const { signal } = controller;
      return new WeakRef(await fetch('http://a.test', { signal }));
    };
    const dropped = await Promise.all(Array.from({ length: 100 }, call));
    await until(() => {
      collect();
      return dropped.every((reference) => reference.deref() === undefined);
    });
    expect(controller.signal.aborted).toBe(false);
  });
});
