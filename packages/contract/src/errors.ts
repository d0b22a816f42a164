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

/** A stored record has a layout that this version cannot read: a newer version wrote it. */
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
