import { requireInteger } from '@gabion/contract';
import type { PostgresPool } from './pool.js';
import { safeInteger } from './safe-integer.js';
import { defineStatement, type StatementCall } from './statement.js';

/** What is swept. */
export interface SweepDefinition {
  /** What the sweep is called in errors. */
  readonly name: string;
  /** The table, quoted, with its schema; not a view, and not partitioned. */
  readonly table: string;
  /** The condition of the rows that are no longer wanted; it has no values. */
  readonly where: string;
}

/** One run of a sweep. */
export interface SweepCall extends Omit<StatementCall, 'values'> {
  /** The most rows that it deletes: an integer of at least 1. */
  readonly limit: number;
}

/** A sweep and how to run it. */
export interface PostgresSweep {
  /**
   * Deletes at most `limit` rows and resolves with how many. Rows that others hold locked are
   * passed over, so that it waits for no one; less than `limit` means that no more were free.
   *
   * @throws StoreUnavailableError as a statement's run does.
   */
  run(pool: PostgresPool, call: SweepCall): Promise<number>;
}

/** Defines a bounded deletion of what has expired, which any number of processes may run. */
export function defineSweep({ name, table, where }: SweepDefinition): PostgresSweep {
  // An array is made once. As a plain subquery the selection could be run again for each row of
  // a join, lock other rows each time, and so delete more than the limit.
  const text = `
WITH swept AS (
  DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${table} WHERE ${where} LIMIT $1 FOR UPDATE SKIP LOCKED
  )) RETURNING 1
)
SELECT count(*)::text AS count FROM swept`;
  const statement = defineStatement({ name, text });
  return Object.freeze({
    async run(pool: PostgresPool, { limit, ...call }: SweepCall): Promise<number> {
      requireInteger(name, 'limit', limit, { min: 1 });
      const [row] = await statement.run(pool, { ...call, values: [limit] });
      return safeInteger(row?.['count']);
    },
  });
}
