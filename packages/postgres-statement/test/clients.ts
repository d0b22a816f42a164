import { PGlite } from '@electric-sql/pglite';
import { Client, Pool, type PoolConfig } from 'pg';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { PostgresPool } from '../src/index.js';

/** A pool that is closed when the test ends. */
export function openPool(url: string, options: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: url, ...options });
  // An idle connection that breaks would otherwise end the process.
  pool.on('error', () => {});
  onTestFinished(() => (pool.ending ? undefined : pool.end()));
  return pool;
}

/** A single connection that is closed when the test ends. */
export async function openClient(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => void client.end().catch(() => {}));
  return client;
}

/** A client that has nothing but `query`, as a user may have wrapped one. */
export function queryOnly(pool: PostgresPool): PostgresPool {
  return { query: (text, values) => pool.query(text, values) };
}

/** The PGlite of a test file: a PostgreSQL inside this process, which takes seconds to start. */
export function sharedLite(): () => PGlite {
  let lite: PGlite | undefined;
  beforeAll(async () => {
    lite = await PGlite.create();
  });
  afterAll(() => lite?.close());
  return () => lite as PGlite;
}
