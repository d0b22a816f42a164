import { expect, test } from 'vitest';
import * as conformance from '../src/conformance.js';
import * as index from '../src/index.js';
import * as postgres from '../src/postgres.js';
import * as redis from '../src/redis.js';

function names(entry: object): string[] {
  return Object.keys(entry).sort();
}

test('. exports the lock, the guard, the memory stores and the errors', () => {
  expect(names(index)).toEqual([
    'FenceExhaustedError',
    'LeaseLostError',
    'LockTimeoutError',
    'ReentrantCallError',
    'StaleFenceError',
    'StoreFullError',
    'StoreLayoutError',
    'StoreUnavailableError',
    'TooManyWaitersError',
    'createFenceGuard',
    'createFencedLock',
    'memoryFenceStore',
    'memoryLeaseStore',
  ]);
});

test('./redis exports the stores, the fenced write and the way to them from node-redis', () => {
  expect(names(redis)).toEqual([
    'fencedSet',
    'fromNodeRedis',
    'redisFenceStore',
    'redisLeaseStore',
  ]);
});

test('./postgres exports the stores, the fence in a transaction and the schema', () => {
  expect(names(postgres)).toEqual([
    'fenceInTransaction',
    'migrate',
    'postgresFenceStore',
    'postgresLeaseStore',
    'schemaSql',
    'sweep',
  ]);
});

test('./conformance exports the laws of both stores and one that fails by a script', () => {
  expect(names(conformance)).toEqual(['faulty', 'fenceStoreLaws', 'leaseStoreLaws']);
});
