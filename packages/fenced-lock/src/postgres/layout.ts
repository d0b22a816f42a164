import {
  defineStatement,
  type Layout,
  migrateDefaults,
  migrate as migrateLayout,
  migrationSql,
  type PostgresPool,
  type RequiredLayout,
} from '@gabion/postgres-statement';
import { fenceSql1 } from './fence.sql.js';
import { leaseSql1 } from './lease.sql.js';
import { namesIn } from './names.js';
import { type PostgresPlaceOptions, settle } from './place.js';

/** Options of {@link migrate}. */
export interface MigrateOptions extends Omit<PostgresPlaceOptions, 'timeoutMs'> {
  /** The longest wait for each reply, in milliseconds from 1. @defaultValue 60 000 */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait: the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The layouts of this package's tables in a schema, the first being layout 1. */
function layoutIn(schema: string): Layout {
  const names = namesIn(schema);
  return { schema, name: 'fenced-lock', steps: [[...leaseSql1(names), ...fenceSql1(names)]] };
}

/** The layout that this version knows, for `requireLayout`. */
export function layoutWanted(schema: string): Omit<RequiredLayout, 'timeoutMs'> {
  const { name, steps } = layoutIn(schema);
  return { schema, name, version: steps.length };
}

/**
 * Creates what the stores need in a schema, the schema too, and the counter of one namespace. Any
 * number of processes may call it at once, and any number of times; where nothing is missing it
 * only reads, and needs no right to create.
 *
 * @param pool - A pool or client of pg, a PGlite, or anything with `query(text, values)`.
 * @throws StoreLayoutError when a newer version was there. StoreUnavailableError when the server
 * refuses or does not answer: call it again to be sure. TypeError | RangeError for an option that
 * is not what it says.
 */
export async function migrate(pool: PostgresPool, options: MigrateOptions = {}): Promise<void> {
  const { timeoutMs = migrateDefaults.timeoutMs, signal } = options;
  const { schema, storedNamespace } = settle('migrate', pool, { ...options, timeoutMs });
  await migrateLayout(pool, { ...layoutIn(schema), timeoutMs, signal });
  const text = `SELECT ${namesIn(schema).open}($1)`;
  const open = defineStatement({ name: 'migrate', text });
  await open.run(pool, { values: [storedNamespace], timeoutMs, signal });
}

/**
 * Writes what `migrate` does as SQL, two statements, for those who run SQL with tools of their own.
 *
 * @throws TypeError | RangeError for an option that is not what it says.
 */
export function schemaSql(options: Omit<MigrateOptions, 'timeoutMs' | 'signal'> = {}): string {
  const nobody = { query: async () => ({ rows: [] }) };
  const { schema, storedNamespace } = settle('schemaSql', nobody, options);
  const literal = storedNamespace.replaceAll('\\', '\\\\').replaceAll("'", "''");
  const open = `SELECT ${namesIn(schema).open}(E'${literal}')`;
  return `${migrationSql(layoutIn(schema))};\n${open};\n`;
}
