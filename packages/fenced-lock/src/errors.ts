/** What the world did wrong, told apart by `code`. (The caller: TypeError or RangeError.) */
import { CodedError } from '@gabion/contract';

export {
  LeaseLostError,
  type LeaseLostReason,
  ReentrantCallError,
  StoreFullError,
  StoreLayoutError,
  StoreUnavailableError,
  TooManyWaitersError,
} from '@gabion/contract';

/** The lock was not free within `waitMs`. */
export class LockTimeoutError extends CodedError {
  override readonly code = 'LOCK_TIMEOUT' as const;
  /** The key that was asked for. */
  readonly key: string;
  /** How long the call waited at most, in milliseconds. */
  readonly waitMs: number;

  constructor(message: string, key: string, waitMs: number, options?: ErrorOptions) {
    super('LockTimeoutError', 'LOCK_TIMEOUT', message, options);
    this.key = key;
    this.waitMs = waitMs;
  }
}

/** A write came with a fence that a later holder has already overtaken: it was refused. */
export class StaleFenceError extends CodedError {
  override readonly code = 'STALE_FENCE' as const;
  /** What was guarded. */
  readonly resource: string;
  /** The fence that came with the write. */
  readonly fence: number;
  /** The highest fence that the resource has seen. */
  readonly highest: number;

  constructor(fn: string, resource: string, fence: number, highest: number) {
    const seen = `${JSON.stringify(resource)} has seen fence ${highest}`;
    super('StaleFenceError', 'STALE_FENCE', `${fn}: ${seen}; ${fence} is older`);
    this.resource = resource;
    this.fence = fence;
    this.highest = highest;
  }
}

/** The counter of a namespace has reached 2^53 − 1: no greater fence can be told exactly. */
export class FenceExhaustedError extends CodedError {
  override readonly code = 'FENCE_EXHAUSTED' as const;

  constructor(fn: string, highest: number | string, options?: ErrorOptions) {
    super(
      'FenceExhaustedError',
      'FENCE_EXHAUSTED',
      `${fn}: no fence is left above ${highest}; the greatest is 2^53 - 1`,
      options,
    );
  }
}
