import { requireKey, StoreUnavailableError } from '@gabion/contract';
import { sqlStateOf } from './effect.js';
import { quoteIdentifier, quoteText, requireSchema } from './identifier.js';
import { layoutTable, readLayout, refuseNewer } from './layout.js';
import type { PostgresPool } from './pool.js';
import { defineStatement } from './statement.js';

/** What `migrate()` uses where nothing is given. */
export const migrateDefaults: Readonly<Required<Pick<Migration, 'timeoutMs'>>> = Object.freeze({
  timeoutMs: 60_000,
});

/** A layout, as the steps that lead to it. */
export interface Layout {
  /** The schema, which is created when it is not there. */
  readonly schema: string;
  /** Whose layout it is: the package's name; a schema keeps those of several. */
  readonly name: string;
  /**
   * Step n leads from layout n to layout n + 1, and never changes once it is released. Each entry
   * is one statement that names the schema, and may be run inside a transaction.
   */
  readonly steps: readonly (readonly string[])[];
}

/** How a layout is migrated to. */
export interface Migration extends Layout {
  /** The longest wait for each round trip, in milliseconds above 0. @defaultValue 60 000 */
  readonly timeoutMs?: number;
  /** Ends the wait: the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Two processes create the same thing at once, and one of them does not take the lock or has a
 * snapshot from before it did: unique_violation, duplicate schema, table, object, function or
 * column, serialization_failure, deadlock_detected. It was rolled back, and may be done again.
 */
const lostRaces = new Set(['23505', '42P06', '42P07', '42710', '42723', '42701', '40001', '40P01']);
const mostTries = 5;

/**
 * Brings the tables of a package to the layout that its steps lead to, and records that in the
 * table `gabion_layouts` of the schema. Each call takes all steps that are missing or none, under
 * a lock of its transaction: any number of processes may call it at once, and any number of
 * times. Where nothing is missing it only reads, and needs no right to create.
 *
 * @throws StoreLayoutError when the recorded layout is newer than the last step.
 * @throws StoreUnavailableError when the server refuses (a step is wrong, a right is missing) or
 * does not answer; call it again to be sure.
 */
export async function migrate(pool: PostgresPool, migration: Migration): Promise<void> {
  const { schema, name, steps, timeoutMs = migrateDefaults.timeoutMs, signal } = migration;
  const statement = defineStatement({ name: 'migrate', text: migrationSql(migration) });
  const wanted = { schema, name, version: steps.length };
  const look = async () => {
    const recorded = await readLayout('migrate', pool, { schema, name, timeoutMs, signal });
    refuseNewer(recorded, wanted);
    return recorded;
  };
  if ((await look()) === steps.length) return;
  for (let left = mostTries; ; left -= 1) {
    try {
      await statement.run(pool, { timeoutMs, signal });
      break;
    } catch (error) {
      if (left === 1 || !hasLostRace(error)) throw error;
    }
  }
  // A newer version may have come first; then nothing was done.
  await look();
}

function hasLostRace(error: unknown): boolean {
  const cause = error instanceof StoreUnavailableError ? error.cause : undefined;
  return lostRaces.has(sqlStateOf(cause) ?? '');
}

/**
 * Writes the whole migration as one statement, which does what `migrate()` does: for those who
 * run SQL with tools of their own. A layout that is newer than the last step is left alone.
 */
export function migrationSql({ schema, name, steps }: Layout): string {
  const quoted = quoteIdentifier(requireSchema('migrate', schema));
  const table = layoutTable(schema);
  const key = quoteText(requireKey('migrate', 'name', name));
  const body = `
DECLARE
  reached integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('gabion_layouts.${schema}', 0));
  IF to_regnamespace('${quoted}') IS NULL THEN
    CREATE SCHEMA ${quoted};
  END IF;
  IF to_regclass('${table}') IS NULL THEN
    CREATE TABLE ${table} (name text PRIMARY KEY, version integer NOT NULL);
  END IF;
  SELECT version INTO reached FROM ${table} WHERE name = ${key};
  reached := coalesce(reached, 0);
${steps.map(stepSql).join('\n')}
  IF reached < ${steps.length} THEN
    INSERT INTO ${table} VALUES (${key}, ${steps.length})
      ON CONFLICT (name) DO UPDATE SET version = excluded.version;
  END IF;
END
`;
  return `DO ${quoteText(body)}`;
}

function stepSql(statements: readonly string[], index: number): string {
  const executed = statements.map((statement) => `    EXECUTE ${quoteText(statement)};`);
  return [`  IF reached < ${index + 1} THEN`, '    NULL;', ...executed, '  END IF;'].join('\n');
}
