import {
  requireInteger,
  requireKey,
  StoreLayoutError,
  StoreUnavailableError,
} from '@gabion/contract';
import { sqlStateOf } from './effect.js';
import { quoteIdentifier, requireSchema } from './identifier.js';
import type { PostgresPool } from './pool.js';
import { defineStatement } from './statement.js';

/** Which layout, and how long a look at it may take. */
export interface LayoutCall {
  /** The schema that the tables are in. */
  readonly schema: string;
  /** Whose layout it is: the package's name; a schema keeps those of several. */
  readonly name: string;
  /** The longest wait for each round trip, in milliseconds above 0. */
  readonly timeoutMs: number;
  /** Ends the wait: the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a package's tables are called in this schema, and which layout of them is wanted. */
export interface RequiredLayout extends LayoutCall {
  /** The layout that the caller knows: the number of its migration's steps. */
  readonly version: number;
}

/** The table that records the layouts of a schema, quoted. */
export function layoutTable(schema: string): string {
  return `${quoteIdentifier(schema)}."gabion_layouts"`;
}

/**
 * Reads the layout that `migrate()` has recorded; 0 when it has not been there.
 *
 * @throws StoreUnavailableError when the store cannot be read.
 */
export async function readLayout(
  fn: string,
  pool: PostgresPool,
  call: LayoutCall,
): Promise<number> {
  const name = requireKey(fn, 'name', call.name);
  const text = `SELECT version FROM ${layoutTable(requireSchema(fn, call.schema))} WHERE name = $1`;
  const statement = defineStatement({ name: fn, text });
  try {
    const [row] = await statement.run(pool, { ...call, values: [name] });
    return row === undefined ? 0 : Number(row['version']);
  } catch (error) {
    if (error instanceof StoreUnavailableError && isMissing(error.cause)) return 0;
    throw error;
  }
}

/** Which pools were found to have which layouts: what has been migrated stays so. */
const found = new WeakMap<PostgresPool, Set<string>>();

/**
 * Resolves when the recorded layout is the wanted one. A store calls it before its first
 * statement, and may before each: what was found once for a pool is not asked again.
 *
 * @throws StoreLayoutError when it is newer than the wanted one, or not there yet.
 * @throws StoreUnavailableError when the store cannot be read; the next call asks again.
 */
export async function requireLayout(pool: PostgresPool, wanted: RequiredLayout): Promise<void> {
  const { schema, name, version } = wanted;
  requireInteger('requireLayout', 'version', version, { min: 1 });
  const layout = `${schema} ${version} ${name}`;
  if (found.get(pool)?.has(layout)) return;
  const recorded = await readLayout('requireLayout', pool, wanted);
  refuseNewer(recorded, wanted);
  if (recorded < version) {
    const is = recorded === 0 ? 'is not there' : `is ${recorded}, older than ${version}`;
    throw new StoreLayoutError(
      `the layout of ${name} in the schema ${schema} ${is}: run its migrate() first`,
    );
  }
  found.set(pool, (found.get(pool) ?? new Set()).add(layout));
}

/** Throws when the recorded layout is newer than the version that is known. */
export function refuseNewer(
  recorded: number,
  { schema, name, version }: Pick<RequiredLayout, 'schema' | 'name' | 'version'>,
): void {
  if (recorded <= version) return;
  throw new StoreLayoutError(
    `the layout of ${name} in the schema ${schema} is ${recorded}, newer than ${version}`,
  );
}

/** Whether the server has no such table (undefined_table) or schema (invalid_schema_name). */
function isMissing(error: unknown): boolean {
  return ['42P01', '3F000'].includes(sqlStateOf(error) ?? '');
}
