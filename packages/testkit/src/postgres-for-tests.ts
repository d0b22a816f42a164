import { Pool, type PoolConfig } from 'pg';
import { randomPrefix } from './prefix.js';
import type {} from './provided.js';

/** Connections to a shared server, and the schema that one test may touch there. */
export interface PostgresForTests extends AsyncDisposable {
  /** The connections, closed by the clean-up. */
  readonly pool: Pool;
  /** The test's schema, which is not there until the test creates it. */
  readonly schema: string;
  /** Drops the schema, and nothing else, then closes the connections. */
  cleanup(): Promise<void>;
}

/**
 * Connects to the PostgreSQL at `url`, mostly `inject('postgresUrl')`, which may be anyone's: a
 * test creates its schema and writes there only.
 */
export function postgresForTests(url: string, options: PoolConfig = {}): PostgresForTests {
  const pool = new Pool({ connectionString: url, ...options });
  // An idle connection that breaks would otherwise end the process.
  pool.on('error', () => undefined);
  const schema = randomPrefix();
  let cleaning: Promise<void> | undefined;
  const clean = async () => {
    await pool.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await pool.end();
  };
  const connected: PostgresForTests = {
    pool,
    schema,
    cleanup: () => (cleaning ??= clean()),
    [Symbol.asyncDispose]: () => connected.cleanup(),
  };
  return connected;
}
