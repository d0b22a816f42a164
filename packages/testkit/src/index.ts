/**
 * What the tests of this repository stand on: real servers that are gone afterwards, however
 * the run ends; faults on the wire, called by name; other processes; and histories.
 *
 * @packageDocumentation
 */
export { findPgBouncer, findPostgresFolder, findRedisServer } from './binaries.js';
export type { Exit } from './child.js';
export { type FaultProxy, type ProxyTarget, startFaultProxy } from './fault-proxy.js';
export { freePort } from './free-port.js';
export { createHistory, type Gate, gate, type History, type Recorded } from './history.js';
export { type PgBouncerOptions, startPgBouncer } from './pgbouncer-server.js';
export { type PostgresForTests, postgresForTests } from './postgres-for-tests.js';
export { startPostgres } from './postgres-server.js';
export { randomPrefix } from './prefix.js';
export { type ProcessOptions, startProcess, type TestProcess } from './processes.js';
export type { ProvidedServers } from './provided.js';
export { type RedisForTests, redisForTests } from './redis-for-tests.js';
export { type RedisOptions, type RedisServer, startRedis } from './redis-server.js';
export type { Server } from './server.js';
export { type UntilOptions, until } from './until.js';
