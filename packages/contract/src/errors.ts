/**
 * An error that is told apart by its `code`. Two copies of a package may meet in one process, so
 * `instanceof` alone is no proof; the code is stable, the message is not.
 */
export class CodedError extends Error {
  /** What went wrong, for programs. */
  readonly code: string;

  constructor(name: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.code = code;
  }
}

/** The store did not answer, or answered with an error. */
export class StoreUnavailableError extends CodedError {
  override readonly code = 'STORE_UNAVAILABLE' as const;
  /** `none`: nothing was sent, so nothing happened. `unknown`: it may have happened. */
  readonly effect: 'none' | 'unknown';

  constructor(message: string, effect: 'none' | 'unknown', options?: ErrorOptions) {
    super('StoreUnavailableError', 'STORE_UNAVAILABLE', message, options);
    this.effect = effect;
  }
}

/**
 * What is stored has a layout that this version cannot read: a newer version wrote it, or
 * `migrate()` has not run.
 */
export class StoreLayoutError extends CodedError {
  override readonly code = 'STORE_LAYOUT' as const;

  constructor(message: string, options?: ErrorOptions) {
    super('StoreLayoutError', 'STORE_LAYOUT', message, options);
  }
}

/** As many callers wait already as the bound allows. */
export class TooManyWaitersError extends CodedError {
  override readonly code = 'TOO_MANY_WAITERS' as const;

  constructor(message: string, options?: ErrorOptions) {
    super('TooManyWaitersError', 'TOO_MANY_WAITERS', message, options);
  }
}

/** The store is full of what it may not forget. */
export class StoreFullError extends CodedError {
  override readonly code = 'STORE_FULL' as const;

  constructor(message: string, options?: ErrorOptions) {
    super('StoreFullError', 'STORE_FULL', message, options);
  }
}

/** The call waits for something that only its own caller could end. */
export class ReentrantCallError extends CodedError {
  override readonly code = 'REENTRANT_CALL' as const;

  constructor(message: string, options?: ErrorOptions) {
    super('ReentrantCallError', 'REENTRANT_CALL', message, options);
  }
}

/**
 * Why a lease is not held any more:
 * - `deadline`: its time ran out by the holder's own clocks.
 * - `stolen`: the store says that another holds it.
 * - `missing`: the store knows nothing of it.
 * - `released`: its holder gave it back.
 */
export type LeaseLostReason = 'deadline' | 'stolen' | 'missing' | 'released';

/** A lease cannot be proven to be held: what it protects must not be touched any more. */
export class LeaseLostError extends CodedError {
  override readonly code = 'LEASE_LOST' as const;
  /** Why it is not held. */
  readonly reason: LeaseLostReason;

  constructor(message: string, reason: LeaseLostReason, options?: ErrorOptions) {
    super('LeaseLostError', 'LEASE_LOST', message, options);
    this.reason = reason;
  }
}
