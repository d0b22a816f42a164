import { expect, inject, test } from 'vitest';
import { postgresForTests } from '../src/postgres-for-tests.js';

const url = inject('postgresUrl');

async function schemas(of: ReturnType<typeof postgresForTests>, names: string[]) {
  const text = 'SELECT nspname FROM pg_namespace WHERE nspname = ANY ($1) ORDER BY 1';
  return (await of.pool.query(text, [names])).rows.map(({ nspname }) => nspname);
}

test('the clean-up drops the schema of the test, with what is in it, and no other', async () => {
  await using neighbour = postgresForTests(url);
  const connected = postgresForTests(url);
  const both = [neighbour.schema, connected.schema];
  for (const { pool, schema } of [neighbour, connected]) {
    await pool.query(`CREATE SCHEMA ${schema}`);
    await pool.query(`CREATE TABLE ${schema}.kept AS SELECT 1 AS one`);
  }
  expect(await schemas(neighbour, both)).toEqual([...both].sort());
  await Promise.all([connected.cleanup(), connected.cleanup()]);
  expect(await schemas(neighbour, both)).toEqual([neighbour.schema]);
  expect(connected.pool.ended).toBe(true);
});

test('a schema that the test has not created is no obstacle', async () => {
  await expect(postgresForTests(url).cleanup()).resolves.toBeUndefined();
});
