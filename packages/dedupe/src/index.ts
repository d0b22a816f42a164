/**
 * At-least-once delivery, one effect: a record per idempotency key whose attempts are fenced, in
 * memory, on Redis and on PostgreSQL.
 *
 * @packageDocumentation
 */
export type { Clock } from '@gabion/clock';
export type { Attempt } from './attempt.js';
export type { Claim, ClaimAnswer, Done, Outcome, Running, Stored, Unknown } from './core/record.js';
export { createDeduper, type Deduper, type OnceOptions } from './deduper.js';
export {
  LeaseLostError,
  type LeaseLostReason,
  StoreContractError,
  StoreFullError,
  StoreLayoutError,
  StoreUnavailableError,
} from './errors.js';
export { fingerprint } from './fingerprint.js';
export { type MemoryRecordStoreOptions, memoryRecordStore } from './memory.js';
export type {
  InFlight,
  Mismatch,
  OnceResult,
  Ran,
  Replayed,
  ReplayedError,
  ReplayedWithoutValue,
  StoredError,
  Superseded,
  UnknownOutcome,
} from './result.js';
export type { Codec, DedupeEvent, DeduperObserver, DeduperOptions } from './shell/options.js';
export type { Identity } from './shell/record-id.js';
export type {
  ClaimRequest,
  CompleteRequest,
  RecordStore,
  RenewRequest,
  StoreCallOptions,
} from './store.js';
