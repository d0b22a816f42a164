import { describe, expect, expectTypeOf, test } from 'vitest';
import * as entry from '../src/fetch.js';
import { createRetryFetch, type RetryFetchOptions } from '../src/fetch.js';
import { poolOf } from './fetch-pools.js';
import { scripted } from './fetch-server.js';

describe('8. createRetryFetch takes a pool, a fetch and a bound', () => {
  test.each([
    [undefined, TypeError, 'pool must be that of createRetrierPool, got undefined'],
    [{}, TypeError, 'pool must be that of createRetrierPool, got undefined'],
    [{ pool: {} }, TypeError, 'pool must be that of createRetrierPool, got an object'],
    [{ pool: poolOf(), fetch: 'node' }, TypeError, 'fetch must be a function, got "node"'],
    [{ pool: poolOf(), maxDrainBytes: -1 }, RangeError, 'maxDrainBytes must be an integer of at'],
    [{ pool: poolOf(), maxDrainBytes: '1' }, TypeError, 'maxDrainBytes must be an integer of at'],
  ])('%j is a mistake', (options, Mistake, message) => {
    const create = () => createRetryFetch(options as RetryFetchOptions);
    expect(create).toThrow(Mistake);
    expect(create).toThrow(`createRetryFetch: ${message}`);
  });

  test('a fetch of one’s own is given what fetch is given, and a signal', async () => {
    const given: unknown[] = [];
    const fetch = createRetryFetch({
      pool: poolOf(),
      async fetch(input, init) {
        given.push(input, init);
        return new Response('mine');
      },
    });
    const dispatcher = {};
    const init = { method: 'PUT', body: 'text', dispatcher } as RequestInit;
    expect(await (await fetch('http://a.test', init)).text()).toBe('mine');
    expect(given).toEqual(['http://a.test', { ...init, signal: expect.any(AbortSignal) }]);
  });

  test('the global fetch is looked up when it is needed', async () => {
    const server = await scripted(200);
    const fetch = createRetryFetch({ pool: poolOf() });
    const real = globalThis.fetch;
    globalThis.fetch = async () => new Response('replaced');
    try {
      expect(await (await fetch(server.url)).text()).toBe('replaced');
    } finally {
      globalThis.fetch = real;
    }
    expect(await (await fetch(server.url)).text()).toBe('status 200');
  });

  test('./fetch exports it, and the parser of the field that it heeds', () => {
    expect(Object.keys(entry).sort()).toEqual(['createRetryFetch', 'parseRetryAfter']);
  });

  test('it stands in wherever fetch does', () => {
    const standIn = createRetryFetch({ pool: poolOf() }) satisfies typeof globalThis.fetch;
    expectTypeOf(standIn).toExtend<typeof globalThis.fetch>();
    expectTypeOf(createRetryFetch).parameter(0).toEqualTypeOf<RetryFetchOptions>();
  });
});
