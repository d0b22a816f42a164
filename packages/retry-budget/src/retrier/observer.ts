import type { RetryInfo } from '../retry-info.js';

/** Hears what happens to the runs of a retrier. What an observer throws is dropped. */
export interface RetryObserver {
  /** A slot was taken: the next attempt, `attempt`, starts in `delayMs`. */
  retryScheduled?(event: {
    readonly name: string;
    readonly attempt: number;
    readonly delayMs: number;
    readonly error: unknown;
    readonly atMs: number;
  }): void;
  /** A run failed for good with `error`; not told of a run that its caller aborted. */
  gaveUp?(event: {
    readonly name: string;
    readonly error: unknown;
    readonly info: RetryInfo;
    readonly atMs: number;
  }): void;
  /** A hint closed the gate for every caller, until `opensAtMs`. */
  gateClosed?(event: {
    readonly name: string;
    readonly opensAtMs: number;
    readonly atMs: number;
  }): void;
  /**
   * A pool dropped the retrier of an origin to stay within `maxOrigins`, though its budget was
   * drawn on or its gate closed: that origin has a full budget and an open gate again.
   */
  evicted?(event: { readonly name: string; readonly atMs: number }): void;
}
