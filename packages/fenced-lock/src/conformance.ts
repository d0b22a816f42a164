/**
 * The laws of a lease store and of a fence store, as data, for any test runner; and `faulty`, a
 * lease store that fails by a script.
 *
 * @packageDocumentation
 */
import { type Fault, type FaultyOptions, faultyVerbs, type Law } from '@gabion/contract';
import { fenceLaws } from './conformance/fence-laws.js';
import { grantLaws } from './conformance/grant-laws.js';
import { lineLaws } from './conformance/line-laws.js';
import type { FenceStoreSubject, LeaseStoreSubject } from './conformance/subject.js';
import { timeLaws } from './conformance/time-laws.js';
import type { LeaseStore } from './store.js';

export type { Fault, FaultyOptions, Law } from '@gabion/contract';
export type { FenceStoreSubject, LeaseStoreSubject } from './conformance/subject.js';

/**
 * The laws of a lease store. For your own store:
 * `for (const law of leaseStoreLaws) test(law.name, () => law.check({ store, advance }))`.
 */
export const leaseStoreLaws: readonly Law<LeaseStoreSubject>[] = Object.freeze([
  ...grantLaws,
  ...timeLaws,
  ...lineLaws,
]);

/** The laws of a fence store: `for (const law of fenceStoreLaws) law.check({ store })`. */
export const fenceStoreLaws: readonly Law<FenceStoreSubject>[] = Object.freeze([...fenceLaws]);

/**
 * Wraps a lease store so that each call meets the next fault of the script, whatever its verb:
 * `ok`, `fail` (refused before anything happens), `lost-reply` (takes effect, and its reply is
 * lost) or `late` (takes effect, and its reply comes after `lateMs`). When the script is used up,
 * every call is `ok`.
 *
 * @param options - `lateMs`, 5 000 unless given, and the `clock` that it is measured on.
 */
export function faulty(
  store: LeaseStore,
  script: readonly Fault[],
  options?: FaultyOptions,
): LeaseStore {
  return faultyVerbs(store, ['acquire', 'renew', 'release', 'leave'], script, options);
}
