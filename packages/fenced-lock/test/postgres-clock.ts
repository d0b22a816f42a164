import type { Clock } from '@gabion/clock';
import { type PostgresPool, schemaSql } from '../src/postgres.js';

/**
 * Creates the tables and functions as they are, on clocks that a test sets: `now` for what ends,
 * the wall clock for fences. The counter is never moved ahead of the clock, so that fences can be
 * foretold.
 */
export async function migrateAt(
  pool: PostgresPool,
  { schema, namespace }: { readonly schema: string; readonly namespace: string },
): Promise<void> {
  const clocks = ['now', 'wall'].map(
    (name) => `
      CREATE FUNCTION ${schema}.${name}_of_test() RETURNS timestamptz LANGUAGE sql AS $clock$
        SELECT timestamptz 'epoch' + current_setting('test.${name}_us')::bigint * interval '1 us'
      $clock$`,
  );
  await pool.query(`CREATE SCHEMA ${schema}`);
  for (const clock of clocks) await pool.query(clock);
  const sql = schemaSql({ schema, namespace })
    .replaceAll('epoch FROM clock_timestamp()', `epoch FROM ${schema}.wall_of_test()`)
    .replaceAll('clock_timestamp()', `${schema}.now_of_test()`)
    .replaceAll('now_us + 10000', 'now_us');
  for (const statement of sql.split(/;\n(?=SELECT |$)/)) {
    if (statement !== '') await pool.query(statement);
  }
}

/** The same client, one connection, on which each statement runs at the time of this clock. */
export function postgresAt(client: PostgresPool, clock: Clock): PostgresPool {
  return {
    async query(text, values) {
      const times = [clock.now(), clock.wallNow()].map((ms) => String(ms * 1_000));
      const set =
        "SELECT set_config('test.now_us', $1, false), set_config('test.wall_us', $2, false)";
      await client.query(set, times);
      return client.query(text, values);
    },
  };
}
