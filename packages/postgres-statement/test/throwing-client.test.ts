import { describe, expect, test } from 'vitest';
import { defineStatement } from '../src/index.js';
import { failureOf } from './statements.js';

const broken = new Error('the client is broken');
const one = defineStatement({ name: 'one', text: 'SELECT 1' });
const timeoutMs = 60_000;

function fail(): never {
  throw broken;
}

describe('a client that throws where it could reject', () => {
  test('by query is a failure like any other', async () => {
    const failure = await failureOf(one.run({ query: fail }, { timeoutMs }));
    expect(failure).toMatchObject({ effect: 'unknown', cause: broken });
  });

  test('by connect has had no effect', async () => {
    const pool = { query: fail, connect: fail, totalCount: 0 };
    const failure = await failureOf(one.run(pool, { timeoutMs }));
    expect(failure).toMatchObject({ effect: 'none', cause: broken });
  });

  test('by query on a connection that was lent gives the connection back, to be closed', async () => {
    const released: unknown[] = [];
    const lent = {
      query: fail,
      release: (error?: Error) => released.push(error),
      on() {},
      off() {},
    };
    const pool = { query: fail, connect: async () => lent, totalCount: 0 };
    expect((await failureOf(one.run(pool, { timeoutMs }))).effect).toBe('unknown');
    expect(released).toEqual([broken]);
  });
});

test('what has connect but is no pool is asked by query', async () => {
  const client = { query: async () => ({ rows: [{ one: 1 }] }), connect: fail };
  expect(await one.run(client, { timeoutMs })).toEqual([{ one: 1 }]);
});
