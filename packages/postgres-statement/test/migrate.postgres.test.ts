import { postgresForTests, randomPrefix, until } from '@gabion/testkit';
import { afterAll, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import {
  migrate,
  migrationSql,
  type PostgresPool,
  requireLayout,
  StoreLayoutError,
} from '../src/index.js';
import { openClient, openPool, queryOnly, sharedLite } from './clients.js';
import { failureOf } from './statements.js';

const url = inject('postgresUrl');
const timeoutMs = 20_000;
const name = 'ledger';
const lite = sharedLite();
const server = postgresForTests(url).pool;
afterAll(() => server.end());

let schema = '';
beforeEach(() => {
  schema = randomPrefix();
});

/** The steps of a small package, each of which shows that it was taken once. */
function steps(count: number): string[][] {
  const all = [
    [`CREATE TABLE ${schema}.entries (n int)`, `INSERT INTO ${schema}.entries SELECT 1`],
    [`INSERT INTO ${schema}.entries SELECT 2`],
    [],
    [`ALTER TABLE ${schema}.entries ADD word text DEFAULT '$q0$%I'' \\ "ä'`],
  ];
  return all.slice(0, count);
}

async function entries(pool: PostgresPool): Promise<unknown[]> {
  const { rows } = await pool.query(`SELECT n FROM ${schema}.entries ORDER BY n`);
  return rows.map((row) => (row as { n: number }).n);
}

/** The schema is dropped when the test ends. */
function dropped<Pool extends PostgresPool>(pool: Pool): Pool {
  const drop = `DROP SCHEMA IF EXISTS ${schema} CASCADE`;
  onTestFinished(async () => void (await server.query(drop)));
  return pool;
}

const clients: readonly (readonly [name: string, open: () => Promise<PostgresPool>])[] = [
  ['a pool of pg', async () => dropped(openPool(url))],
  ['a client of pg', async () => dropped(await openClient(url))],
  ['what only has query', async () => dropped(queryOnly(openPool(url)))],
  ['PGlite', async () => lite()],
];

describe.each(clients)('migrate on %s', (_, open) => {
  test('creates the schema, takes every step once, and records the layout', async () => {
    const pool = await open();
    await migrate(pool, { schema, name, steps: steps(2) });
    await migrate(pool, { schema, name, steps: steps(2) });
    expect(await entries(pool)).toEqual([1, 2]);
    const { rows } = await pool.query(`SELECT * FROM ${schema}.gabion_layouts`);
    expect(rows).toEqual([{ name, version: 2 }]);
  });

  test('takes the steps that are missing, an empty one too, and keeps what was there', async () => {
    const pool = await open();
    for (const count of [1, 3, 4]) await migrate(pool, { schema, name, steps: steps(count) });
    const { rows } = await pool.query(`SELECT * FROM ${schema}.entries ORDER BY n`);
    const word = `$q0$%I' \\ "ä`;
    expect(rows).toEqual([
      { n: 1, word },
      { n: 2, word },
    ]);
  });

  test('keeps the layouts of several packages in one schema apart', async () => {
    const pool = await open();
    await migrate(pool, { schema, name, steps: steps(2) });
    const other = [[`CREATE TABLE ${schema}.other (n int)`]];
    await migrate(pool, { schema, name: "o'ther $q0$", steps: other });
    const wanted = { schema, version: 1, timeoutMs };
    await requireLayout(pool, { ...wanted, name: "o'ther $q0$" });
    await expect(requireLayout(pool, { ...wanted, name })).rejects.toThrow('newer than 1');
  });

  test('refuses a layout that is newer than its own, and changes nothing', async () => {
    const pool = await open();
    await migrate(pool, { schema, name, steps: steps(2) });
    const failing = migrate(pool, { schema, name, steps: steps(1) });
    await expect(failing).rejects.toThrow(StoreLayoutError);
    await expect(failing).rejects.toMatchObject({
      code: 'STORE_LAYOUT',
      message: `the layout of ledger in the schema ${schema} is 2, newer than 1`,
    });
    await requireLayout(pool, { schema, name, version: 2, timeoutMs });
  });

  test('takes all missing steps or none', async () => {
    const pool = await open();
    const wrong = [...steps(2), [`INSERT INTO ${schema}.entries SELECT 3`, 'SELECT 1 / 0']];
    const failure = await failureOf(migrate(pool, { schema, name, steps: wrong }));
    expect(failure).toMatchObject({ effect: 'none', cause: { code: '22012' } });
    const looking = requireLayout(pool, { schema, name, version: 1, timeoutMs });
    await expect(looking).rejects.toThrow('is not there: run its migrate() first');
    await migrate(pool, { schema, name, steps: steps(2) });
    expect(await entries(pool)).toEqual([1, 2]);
  });

  test('can be done by hand, with its SQL as one statement, as often as wanted', async () => {
    const pool = await open();
    for (const count of [2, 2, 1])
      await pool.query(migrationSql({ schema, name, steps: steps(count) }));
    expect(await entries(pool)).toEqual([1, 2]);
    await requireLayout(pool, { schema, name, version: 2, timeoutMs });
  });
});

describe('any number of processes may migrate at once', () => {
  test.each(['read committed', 'repeatable read', 'serializable'])('in %s', async (isolation) => {
    const options = `-c default_transaction_isolation=${isolation.replace(' ', '\\ ')}`;
    const pools = Array.from({ length: 8 }, () => dropped(openPool(url, { options })));
    await Promise.all(pools.map((pool) => pool.query('SELECT 1')));
    await Promise.all(pools.map((pool) => migrate(pool, { schema, name, steps: steps(1) })));
    expect(await entries(server)).toEqual([1]);
    // The second step does not collide with itself: without a lock, all of them would take it.
    const slow = [...steps(1), ['SELECT pg_sleep(0.1)', ...(steps(2)[1] as string[])]];
    await Promise.all(pools.map((pool) => migrate(pool, { schema, name, steps: slow })));
    expect(await entries(server)).toEqual([1, 2]);
  });

  test('of different packages in one schema', async () => {
    const pools = Array.from({ length: 8 }, () => dropped(openPool(url)));
    await Promise.all(pools.map((pool) => pool.query('SELECT 1')));
    const named = (at: number) => [[`CREATE TABLE ${schema}.t${at} (n int)`]];
    await Promise.all(
      pools.map((pool, at) => migrate(pool, { schema, name: `p${at}`, steps: named(at) })),
    );
    const { rows } = await server.query(`SELECT count(*)::int AS n FROM ${schema}.gabion_layouts`);
    expect(rows).toEqual([{ n: 8 }]);
  });

  test('against one that takes no lock', async () => {
    const slow = dropped(await openClient(url));
    await slow.query('BEGIN');
    await slow.query(`CREATE SCHEMA ${schema}`);
    const migrating = migrate(openPool(url), { schema, name, steps: steps(1) });
    const waits = 'SELECT 1 FROM pg_stat_activity WHERE wait_event_type = $1 AND query LIKE $2';
    await until(async () => (await server.query(waits, ['Lock', `DO%${schema}%`])).rows.length);
    await slow.query('COMMIT');
    await migrating;
    expect(await entries(server)).toEqual([1]);
  });
});

/** The same pool, but for what befalls a migration itself. */
function befallen(pool: PostgresPool, befall: () => Promise<unknown>): PostgresPool {
  return {
    async query(text, values) {
      if (text.startsWith('DO')) await befall();
      return pool.query(text, values);
    },
  };
}

describe('a migration that comes too late', () => {
  test('for a newer one notices it, and changes nothing', async () => {
    await migrate(dropped(server), { schema, name, steps: steps(1) });
    const pool = befallen(server, () => migrate(server, { schema, name, steps: steps(4) }));
    const failing = migrate(pool, { schema, name, steps: steps(2) });
    await expect(failing).rejects.toThrow('is 4, newer than 2');
    await requireLayout(server, { schema, name, version: 4, timeoutMs });
  });

  test('again and again gives up, and says what is in its way', async () => {
    let tries = 0;
    const cause = Object.assign(new Error('it is there'), { code: '42P07', severity: 'ERROR' });
    const pool = befallen(server, () => {
      tries += 1;
      return Promise.reject(cause);
    });
    const failure = await failureOf(migrate(pool, { schema, name, steps: steps(1) }));
    expect(failure).toMatchObject({ effect: 'none', cause });
    expect(tries).toBe(5);
  });
});

test('a migration that got no answer in time is unknown, and done by the next call', async () => {
  const slow = [[`CREATE TABLE ${schema}.entries (n int)`, 'SELECT pg_sleep(0.4)']];
  const call = { schema, name, steps: slow };
  const failure = await failureOf(migrate(dropped(openPool(url)), { ...call, timeoutMs: 200 }));
  expect(failure.effect).toBe('unknown');
  await migrate(server, call);
  expect(await entries(server)).toEqual([]);
});

test('where nothing is missing it only reads', async () => {
  await migrate(dropped(server), { schema, name, steps: steps(1) });
  const pool = befallen(server, () => Promise.reject(new Error('it does more')));
  await migrate(pool, { schema, name, steps: steps(1) });
});

test('where nothing is missing it needs no right to create', async () => {
  await migrate(dropped(server), { schema, name, steps: steps(1) });
  const role = randomPrefix();
  await server.query(`CREATE ROLE ${role} LOGIN`);
  const reader = openPool(url, { options: `-c role=${role}` });
  onTestFinished(async () => {
    await server.query(`DROP OWNED BY ${role}`);
    await server.query(`DROP ROLE ${role}`);
  });
  await server.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
  await server.query(`GRANT SELECT ON ${schema}.gabion_layouts TO ${role}`);
  await migrate(reader, { schema, name, steps: steps(1) });
  const failure = await failureOf(migrate(reader, { schema, name, steps: steps(2) }));
  expect(failure).toMatchObject({ effect: 'none', cause: { code: '42501' } });
});

describe('arguments', () => {
  test('that are wrong are named before anything is sent', async () => {
    const pool = { query: () => Promise.reject(new Error('was asked')) };
    for (const wrong of ['Upper', 'a-b', '1a', 'pg_a', '', 'a'.repeat(64), 'a"b']) {
      const failing = migrate(pool, { schema: wrong, name, steps: [] });
      await expect(failing).rejects.toThrow(/^migrate: schema must/);
      expect(() => migrationSql({ schema: wrong, name, steps: [] })).toThrow(RangeError);
    }
    await expect(migrate(pool, { schema, name: '', steps: [] })).rejects.toThrow(RangeError);
    const look = { schema, name, version: 0, timeoutMs };
    await expect(requireLayout(pool, look)).rejects.toThrow('requireLayout: version must be');
  });

  test('of a migration without steps leave everything alone', async () => {
    await migrate(server, { schema, name, steps: [] });
    const { rows } = await server.query('SELECT to_regnamespace($1) AS there', [schema]);
    expect(rows).toEqual([{ there: null }]);
  });
});
