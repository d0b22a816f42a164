import { postgresForTests, until } from '@gabion/testkit';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { defineStatement, type PostgresPool, safeInteger } from '../src/index.js';
import { openClient, openPool, queryOnly, sharedLite } from './clients.js';
import { failureOf } from './statements.js';

const url = inject('postgresUrl');
const timeoutMs = 20_000;
let shared: ReturnType<typeof postgresForTests>;
const lite = sharedLite();

const clients: readonly (readonly [name: string, open: () => Promise<PostgresPool>])[] = [
  ['a pool of pg', async () => openPool(url)],
  ['a client of pg', () => openClient(url)],
  ['what only has query', async () => queryOnly(openPool(url))],
  ['PGlite', async () => lite()],
];

beforeAll(async () => {
  shared = postgresForTests(url);
  await shared.pool.query(`CREATE SCHEMA ${shared.schema}`);
});
afterAll(() => shared.cleanup());

describe.each(clients)('a statement on %s', (_, open) => {
  test('gets its values as they were given, and resolves with its rows', async () => {
    const text = 'SELECT $1::text AS a, $2::int AS b, $3::text AS c FROM generate_series(1, 2)';
    const { run } = defineStatement({ name: 'echo', text });
    const rows = await run(await open(), { values: ["é'🔥", 7, null], timeoutMs });
    expect(rows).toEqual([
      { a: "é'🔥", b: 7, c: null },
      { a: "é'🔥", b: 7, c: null },
    ]);
  });

  test('may have no values', async () => {
    const { run } = defineStatement({ name: 'one', text: 'SELECT 1 AS one' });
    expect(await run(await open(), { timeoutMs })).toEqual([{ one: 1 }]);
  });

  test('keeps bigints exact up to 2^53 - 1, and refuses them beyond', async () => {
    const { run } = defineStatement({ name: 'fence', text: 'SELECT $1::bigint AS fence' });
    const pool = await open();
    const fenceOf = async (value: string) => (await run(pool, { values: [value], timeoutMs }))[0];
    const most = await fenceOf('9007199254740991');
    expect(safeInteger(most?.['fence'])).toBe(Number.MAX_SAFE_INTEGER);
    const beyond = await fenceOf('9007199254740993');
    expect(() => safeInteger(beyond?.['fence'])).toThrow(RangeError);
  });

  test('that the server refuses has no effect, and its error is the cause', async () => {
    const { run } = defineStatement({ name: 'divide', text: 'SELECT 1 / $1::int' });
    const failure = await failureOf(run(await open(), { values: [0], timeoutMs }));
    expect(failure).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      effect: 'none',
      message: 'divide: division by zero',
      cause: { code: '22012' },
    });
  });

  test.each([0, -1, Number.NaN])('cannot wait for %d ms', async (wait) => {
    const { run } = defineStatement({ name: 'one', text: 'SELECT 1' });
    const pool = await open();
    expect(() => run(pool, { timeoutMs: wait })).toThrow(RangeError);
    expect(() => run(pool, { timeoutMs: wait })).toThrow('one: timeoutMs must be');
  });

  test.each([2 ** 31, 1e15, Infinity])('may wait for %d ms', async (wait) => {
    const { run } = defineStatement({ name: 'one', text: 'SELECT 1 AS one' });
    expect(await run(await open(), { timeoutMs: wait })).toEqual([{ one: 1 }]);
  });
});

describe('on a pool of pg, a statement', () => {
  const whoAmI = defineStatement({ name: 'who', text: 'SELECT pg_backend_pid() AS pid' });
  const divide = defineStatement({ name: 'divide', text: 'SELECT 1 / 0' });

  test('holds a connection only while it runs, and leaves no listener on it', async () => {
    const pool = openPool(url, { max: 1 });
    const lent: PoolClient[] = [];
    pool.on('acquire', (client) => lent.push(client));
    const before = await pool.connect();
    const listeners = before.listenerCount('error');
    before.release();
    const runs = Array.from({ length: 50 }, () => whoAmI.run(pool, { timeoutMs }));
    expect(new Set((await Promise.all(runs)).map(([row]) => row?.['pid'])).size).toBe(1);
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
    const after = await pool.connect();
    expect(after.listenerCount('error')).toBe(listeners);
    after.release();
    expect(new Set(lent).size).toBe(1);
  });

  test('that the server refuses leaves its connection to the next one', async () => {
    const pool = openPool(url, { max: 1 });
    const [first] = await whoAmI.run(pool, { timeoutMs });
    await failureOf(divide.run(pool, { timeoutMs }));
    expect(await whoAmI.run(pool, { timeoutMs })).toEqual([first]);
  });

  test('whose session is ended by an operator may have had an effect, and goes on', async () => {
    const pool = openPool(url, { max: 1 });
    const sleep = defineStatement({ name: 'sleep', text: 'SELECT pg_sleep(60)' });
    const [row] = await whoAmI.run(pool, { timeoutMs });
    const running = failureOf(sleep.run(pool, { timeoutMs }));
    const asleep = "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'";
    await until(async () => (await shared.pool.query(asleep, [row?.['pid']])).rows.length === 1);
    await shared.pool.query('SELECT pg_terminate_backend($1)', [row?.['pid']]);
    expect(await running).toMatchObject({ effect: 'unknown', cause: { code: '57P01' } });
    expect(await whoAmI.run(pool, { timeoutMs })).not.toEqual([row]);
  });

  test('fails without effect once the pool is closed', async () => {
    const pool = openPool(url);
    const closed = queryOnly(pool);
    await pool.end();
    for (const client of [pool, closed]) {
      const failure = await failureOf(whoAmI.run(client, { timeoutMs }));
      expect(failure.effect).toBe('none');
      expect(failure.message).toBe('who: Cannot use a pool after calling end on the pool');
    }
  });
});

test('a client of pg that was closed has no effect', async () => {
  const client = await openClient(url);
  await client.end();
  const { run } = defineStatement({ name: 'one', text: 'SELECT 1' });
  expect((await failureOf(run(client, { timeoutMs }))).effect).toBe('none');
});

test('a statement runs inside the open transaction of a client, and ends with it', async () => {
  const client = await openClient(url);
  const { schema } = shared;
  await client.query(`CREATE TABLE ${schema}.inside (n int)`);
  const insert = defineStatement({ name: 'insert', text: `INSERT INTO ${schema}.inside SELECT 1` });
  await client.query('BEGIN');
  await insert.run(client, { timeoutMs });
  await client.query('ROLLBACK');
  expect((await client.query(`SELECT n FROM ${schema}.inside`)).rows).toEqual([]);
});
