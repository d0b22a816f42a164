/**
 * A lock with fencing tokens: a holder that can be proven stale, and one that knows by its own
 * clocks when it can no longer prove that it holds. In memory, on Redis and on PostgreSQL.
 *
 * @packageDocumentation
 */
export type { Clock } from '@gabion/clock';
export {
  FenceExhaustedError,
  LeaseLostError,
  type LeaseLostReason,
  LockTimeoutError,
  ReentrantCallError,
  StaleFenceError,
  StoreFullError,
  StoreLayoutError,
  StoreUnavailableError,
  TooManyWaitersError,
} from './errors.js';
export { createFencedLock, type FencedLock } from './fenced-lock.js';
export { createFenceGuard, type FenceGuard, type FenceStore } from './guard.js';
export type { Lease } from './lease.js';
export { type MemoryLeaseStoreOptions, memoryLeaseStore } from './memory.js';
export { type MemoryFenceStoreOptions, memoryFenceStore } from './memory-fences.js';
export type {
  AcquireOptions,
  FencedLockObserver,
  FencedLockOptions,
  LeaseEvent,
  LockEvent,
} from './shell/options.js';
export type {
  AcquireAnswer,
  AcquireRequest,
  EvictionRisk,
  GrantedLease,
  HeldLease,
  LeaseStore,
  StoreCallOptions,
  Wake,
} from './store.js';
