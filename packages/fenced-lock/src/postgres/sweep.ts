import { requireInteger } from '@gabion/contract';
import { defineSweep, type PostgresPool, requireLayout } from '@gabion/postgres-statement';
import { inSchema } from './ask.js';
import { layoutWanted } from './layout.js';
import { namesIn } from './names.js';
import { type PostgresPlaceOptions, postgresDefaults, settle } from './place.js';

/** Options of {@link sweep}. */
export interface SweepOptions extends Omit<PostgresPlaceOptions, 'namespace'> {
  /** The most leases that one call deletes, from 1. @defaultValue 1 000 */
  readonly limit?: number | undefined;
  /** Ends the wait: the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deletes leases that have ended without a release, of all namespaces of a schema, and resolves
 * with how many. Nothing depends on it but disk space: a lease that has ended is as good as none,
 * and the next grant of its key writes over it. Any number of processes may sweep at once.
 *
 * @throws StoreLayoutError before `migrate()`. StoreUnavailableError when the server refuses or
 * does not answer. TypeError | RangeError for an option that is not what it says.
 */
export async function sweep(pool: PostgresPool, options: SweepOptions = {}): Promise<number> {
  const { limit = postgresDefaults.sweepLimit, signal } = options;
  const { schema, timeoutMs } = settle('sweep', pool, options);
  requireInteger('sweep', 'limit', limit, { min: 1 });
  await requireLayout(pool, { ...layoutWanted(schema), timeoutMs });
  const table = namesIn(schema).lease;
  const ended = defineSweep({ name: 'sweep', table, where: 'until <= clock_timestamp()' });
  return inSchema(schema, 'sweep', ended.run(pool, { limit, timeoutMs, signal }));
}
