import {
  type PostgresPool,
  type PostgresStatement,
  type Row,
  type StatementCall,
  StoreUnavailableError,
} from '@gabion/postgres-statement';
import { StoreLayoutError } from '../errors.js';

/** PostgreSQL has no such function, table or schema: undefined_function, undefined_table, … */
const notThere = new Set(['42883', '42P01', '3F000']);

/** Runs a statement, whose one row it resolves with; and says what is missing where it fails. */
export async function ask(
  pool: PostgresPool,
  statement: PostgresStatement,
  schema: string,
  call: StatementCall,
): Promise<Row> {
  const [row] = await inSchema(schema, statement.name, statement.run(pool, call));
  return row ?? {};
}

/** Says of a schema that has lost its tables, or never had them, what is missing. */
export async function inSchema<T>(schema: string, fn: string, run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (error) {
    if (!notThere.has(causeOf(error)?.code ?? '')) throw error;
    const what = `the schema ${schema} has no tables of layout 1: run migrate() first`;
    throw new StoreLayoutError(`${fn}: ${what}`, { cause: error });
  }
}

/** What PostgreSQL itself said, as pg and PGlite hand it on. */
export function causeOf(error: unknown): { code?: string; detail?: string } | undefined {
  if (!(error instanceof StoreUnavailableError)) return undefined;
  return error.cause as { code?: string; detail?: string } | undefined;
}
