import { requireNumber, show } from '@gabion/contract';
import { type PostgresPool, requireSchema } from '@gabion/postgres-statement';
import { defaultNamespace, requireNamespace } from '../namespace.js';
import { storedText } from './stored-text.js';

/** Where leases and marks live. */
export interface PostgresPlaceOptions {
  /**
   * The schema of the tables: 1 to 63 of `a`–`z`, `0`–`9` and `_`.
   * @defaultValue `'fenced_lock'`
   */
  readonly schema?: string | undefined;
  /**
   * One counter of fences: 1 to 48 characters. `migrate()` makes it.
   * @defaultValue `'default'`
   */
  readonly namespace?: string | undefined;
  /**
   * The longest wait for one reply, in milliseconds from 1, that for a connection included.
   * @defaultValue 1 000
   */
  readonly timeoutMs?: number | undefined;
}

/** The defaults of everything on PostgreSQL. */
export const postgresDefaults = Object.freeze({
  schema: 'fenced_lock',
  namespace: defaultNamespace,
  timeoutMs: 1_000,
  sweepLimit: 1_000,
});

/** A place, checked and completed. */
export interface PostgresPlace {
  readonly schema: string;
  /** As the caller wrote it. */
  readonly namespace: string;
  /** As the tables have it. */
  readonly storedNamespace: string;
  readonly timeoutMs: number;
}

/** Checks a pool and a place. */
export function settle(
  fn: string,
  pool: PostgresPool,
  options: PostgresPlaceOptions,
): PostgresPlace {
  if (typeof pool?.query !== 'function') {
    throw new TypeError(`${fn}: pool must have query(text, values), got ${show(pool)}`);
  }
  const { schema = postgresDefaults.schema, timeoutMs = postgresDefaults.timeoutMs } = options;
  const namespace = requireNamespace(fn, options.namespace ?? postgresDefaults.namespace);
  return {
    schema: requireSchema(fn, schema),
    namespace,
    storedNamespace: storedText(namespace),
    timeoutMs: requireNumber(fn, 'timeoutMs', timeoutMs, { min: 1, max: 2 ** 31 - 1 }),
  };
}
