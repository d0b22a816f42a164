/**
 * Leases and marks on PostgreSQL.
 *
 * @packageDocumentation
 */
export type { PostgresPool } from '@gabion/postgres-statement';
export { type MigrateOptions, migrate, schemaSql } from './postgres/layout.js';
export type { PostgresPlaceOptions } from './postgres/place.js';
export {
  fenceInTransaction,
  type PostgresFenceOptions,
  postgresFenceStore,
} from './postgres/postgres-fences.js';
export {
  type PostgresLeaseStoreOptions,
  postgresLeaseStore,
} from './postgres/postgres-lease-store.js';
export { type SweepOptions, sweep } from './postgres/sweep.js';
