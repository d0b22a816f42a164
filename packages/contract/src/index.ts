/**
 * What every pattern package says in the same words. It is private: the build inlines it.
 *
 * @packageDocumentation
 */
export { requireInteger, requireKey, requireNumber, requireOneOf, show } from './arguments.js';
export {
  CodedError,
  LeaseLostError,
  type LeaseLostReason,
  ReentrantCallError,
  StoreFullError,
  StoreLayoutError,
  StoreUnavailableError,
  TooManyWaitersError,
} from './errors.js';
export { type Fault, type FaultyOptions, faultyVerbs } from './faulty.js';
export type { Law } from './law.js';
export { notify } from './observer.js';
export { createStoreProbe, type StoreProbe } from './store-probe.js';
