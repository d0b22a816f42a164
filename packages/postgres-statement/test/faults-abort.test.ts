import { randomPrefix, until } from '@gabion/testkit';
import { ownPostgres } from '@gabion/testkit/own-postgres';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PostgresStatement } from '../src/index.js';
import { openPool, queryOnly } from './clients.js';
import { newCounter } from './statements.js';

const own = ownPostgres();
const timeoutMs = 20_000;
const reason = new Error('no longer wanted');
let increment: PostgresStatement;
let count: () => Promise<unknown>;

beforeEach(async () => {
  ({ increment, count } = await newCounter(own.direct, randomPrefix()));
});

const kinds = [
  ['a pool', () => openPool(own.url, { max: 1 })],
  ['what only has query', () => queryOnly(openPool(own.url, { max: 1 }))],
] as const;

describe.each(kinds)('an abort on %s', (_, open) => {
  test('before the run rejects with its reason, and nothing is sent', async () => {
    const pool = open();
    const signal = AbortSignal.abort(reason);
    await expect(increment.run(pool, { timeoutMs, signal })).rejects.toBe(reason);
    await increment.run(pool, { timeoutMs });
    expect(await count()).toBe(1);
  });

  test('during the run rejects with its reason at once; what was sent takes effect', async () => {
    const pool = open();
    await increment.run(pool, { timeoutMs });
    own.proxy.stall();
    const abort = new AbortController();
    const running = increment.run(pool, { timeoutMs, signal: abort.signal });
    await new Promise((turned) => setImmediate(turned));
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    own.proxy.heal();
    await until(async () => (await count()) === 2);
  });

  test('after the reply changes nothing', async () => {
    const abort = new AbortController();
    const call = { timeoutMs, signal: abort.signal };
    expect(await increment.run(open(), call)).toEqual([{ n: 1 }]);
    abort.abort(reason);
    expect(await count()).toBe(1);
  });
});

describe('on a pool, an abort', () => {
  test('while no connection is free rejects, and nothing is sent later', async () => {
    const pool = openPool(own.url, { max: 1 });
    const busy = await pool.connect();
    const abort = new AbortController();
    const running = increment.run(pool, { timeoutMs, signal: abort.signal });
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    busy.release();
    await increment.run(pool, { timeoutMs });
    expect(await count()).toBe(1);
  });

  test('leaves the connection to its statement, and to the pool when that is over', async () => {
    const pool = openPool(own.url, { max: 1 });
    const client = await pool.connect();
    client.release();
    own.proxy.stall();
    const abort = new AbortController();
    const running = increment.run(pool, { timeoutMs, signal: abort.signal });
    await new Promise((turned) => setImmediate(turned));
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 0]);
    own.proxy.heal();
    await until(() => pool.idleCount === 1);
    const same = await pool.connect();
    expect(same).toBe(client);
    same.release();
  });

  test('leaves it so no longer than to the deadline', async () => {
    const pool = openPool(own.url, { max: 1 });
    await increment.run(pool, { timeoutMs });
    own.proxy.stall();
    const abort = new AbortController();
    const running = increment.run(pool, { timeoutMs: 100, signal: abort.signal });
    await new Promise((turned) => setImmediate(turned));
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    await until(() => pool.totalCount === 0);
  });
});
