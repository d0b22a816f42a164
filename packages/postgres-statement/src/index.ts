/**
 * One PostgreSQL statement with a deadline, on pg, PGlite or anything with `query(text, values)`:
 * errors that say whether anything can have happened, migrations, and bounded sweeps.
 *
 * @packageDocumentation
 */
export { StoreLayoutError, StoreUnavailableError } from '@gabion/contract';
export { quoteIdentifier, requireSchema } from './identifier.js';
export { type LayoutCall, type RequiredLayout, requireLayout } from './layout.js';
export { type Layout, type Migration, migrate, migrateDefaults, migrationSql } from './migrate.js';
export type { PostgresAnswer, PostgresPool } from './pool.js';
export { safeInteger } from './safe-integer.js';
export {
  defineStatement,
  type PostgresStatement,
  type Row,
  type StatementCall,
} from './statement.js';
export { defineSweep, type PostgresSweep, type SweepCall, type SweepDefinition } from './sweep.js';
