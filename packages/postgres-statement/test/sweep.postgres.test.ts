import { postgresForTests } from '@gabion/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { defineSweep, type PostgresPool, type PostgresSweep } from '../src/index.js';
import { openClient, sharedLite } from './clients.js';
import { failureOf } from './statements.js';

const timeoutMs = 20_000;
let shared: ReturnType<typeof postgresForTests>;
const lite = sharedLite();

beforeAll(() => {
  shared = postgresForTests(inject('postgresUrl'));
});
afterAll(() => shared.cleanup());

const clients: readonly (readonly [name: string, open: () => PostgresPool])[] = [
  ['PostgreSQL', () => shared.pool],
  ['PGlite', () => lite()],
];

/** A sweep of what has expired among records 1 to `count`, of which 1 to `expired` have. */
async function newSweep(pool: PostgresPool, count: number, expired: number) {
  const table = `"${shared.schema}"."records"`;
  await pool.query(`CREATE SCHEMA IF NOT EXISTS ${shared.schema}`);
  await pool.query(`DROP TABLE IF EXISTS ${table}`);
  const at = `clock_timestamp() - interval '1 s' * (${expired} - n + 0.5)`;
  await pool.query(
    `CREATE TABLE ${table} AS SELECT n, ${at} AS at FROM generate_series(1, ${count}) n`,
  );
  const sweep = defineSweep({ name: 'sweep', table, where: 'at <= clock_timestamp()' });
  const left = async () => {
    const { rows } = await pool.query(`SELECT n FROM ${table} ORDER BY n`);
    return rows.map((row) => (row as { n: number }).n);
  };
  return { sweep, left, table };
}

describe.each(clients)('a sweep on %s', (_, open) => {
  test('deletes at most its limit, says how many, and leaves what is still wanted', async () => {
    const { sweep, left } = await newSweep(open(), 9, 7);
    const counts = [];
    for (let run = 0; run < 4; run += 1)
      counts.push(await sweep.run(open(), { limit: 3, timeoutMs }));
    expect(counts).toEqual([3, 3, 1, 0]);
    expect(await left()).toEqual([8, 9]);
  });

  test.each([
    [0, RangeError],
    [1.5, RangeError],
    [-1, RangeError],
    ['3', TypeError],
  ])('of %j rows at most is refused', async (limit, Mistake) => {
    const { sweep, left } = await newSweep(open(), 2, 2);
    const running = sweep.run(open(), { limit: limit as number, timeoutMs });
    await expect(running).rejects.toThrow(Mistake);
    await expect(running).rejects.toThrow('sweep: limit must be');
    expect(await left()).toEqual([1, 2]);
  });
});

describe('a sweep beside others', () => {
  let sweep: PostgresSweep;
  let left: () => Promise<number[]>;
  let table: string;

  beforeEach(async () => {
    ({ sweep, left, table } = await newSweep(shared.pool, 40, 40));
  });

  test('passes over rows that are locked, and waits for no one', async () => {
    const client = await openClient(inject('postgresUrl'));
    await client.query('BEGIN');
    await client.query(`SELECT 1 FROM ${table} WHERE n <= 30 FOR UPDATE`);
    expect(await sweep.run(shared.pool, { limit: 100, timeoutMs })).toBe(10);
    await client.query('ROLLBACK');
    expect(await sweep.run(shared.pool, { limit: 100, timeoutMs })).toBe(30);
  });

  test('deletes each row once', async () => {
    const runs = Array.from({ length: 8 }, () => sweep.run(shared.pool, { limit: 7, timeoutMs }));
    const counts = await Promise.all(runs);
    const sum = counts.reduce((total, count) => total + count);
    expect(Math.max(...counts)).toBeLessThanOrEqual(7);
    expect(await left()).toHaveLength(40 - sum);
  });

  test('leaves a row that became wanted again before it was locked', async () => {
    const client = await openClient(inject('postgresUrl'));
    await client.query('BEGIN');
    await client.query(`UPDATE ${table} SET at = 'infinity' WHERE n <= 39`);
    const running = sweep.run(shared.pool, { limit: 40, timeoutMs });
    await client.query('COMMIT');
    await running;
    expect((await left()).filter((n) => n <= 39)).toHaveLength(39);
  });
});

test('never deletes more than its limit, nor what is wanted, whatever the plan', async () => {
  const [few, many] = [fc.integer({ min: 1, max: 5 }), fc.nat({ max: 12 })];
  await fc.assert(
    fc.asyncProperty(few, many, many, async (limit, count, expired) => {
      const { sweep, left, table } = await newSweep(shared.pool, count, Math.min(expired, count));
      await shared.pool.query(`ANALYZE ${table}`);
      const before = await left();
      const swept = await sweep.run(shared.pool, { limit, timeoutMs });
      expect(swept).toBe(Math.min(limit, expired, count));
      const after = await left();
      expect(before.length - after.length).toBe(swept);
      expect(after.slice(-1)).toEqual(expired < count || swept < count ? before.slice(-1) : []);
    }),
    { numRuns: 30 },
  );
});

test('a sweep that fails says what happened', async () => {
  const sweep = defineSweep({ name: 'sweep', table: '"no"."such"', where: 'true' });
  const failure = await failureOf(sweep.run(shared.pool, { limit: 1, timeoutMs }));
  expect(failure).toMatchObject({ effect: 'none', cause: { code: '42P01' } });
});
