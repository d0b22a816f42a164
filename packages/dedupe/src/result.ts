/** The function ran here, and this is what it returned. */
export interface Ran<T> {
  readonly status: 'ran';
  readonly value: T;
  /**
   * Whether that is stored. When it is not, the store was out of reach: storing it is tried again
   * until the attempt's lease ends.
   */
  readonly recorded: boolean;
}

/** It ran before, and this is what it returned then, as the codec carried it. */
export interface Replayed<T> {
  readonly status: 'replayed';
  readonly value: T;
}

/** It ran before, and ended in this error, which is final. */
export interface ReplayedError {
  readonly status: 'replayed-error';
  readonly error: StoredError;
}

/** What is kept of an error: never its stack. */
export interface StoredError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
}

/** It ran before, and what it returned could not be stored. */
export interface ReplayedWithoutValue {
  readonly status: 'replayed-without-value';
}

/** It is running, here or elsewhere. */
export interface InFlight {
  readonly status: 'in-flight';
  /** When to ask again: when that attempt's lease ends, unless it is renewed. */
  readonly retryAfterMs: number;
}

/** The same key came with another payload. */
export interface Mismatch {
  readonly status: 'mismatch';
}

/** It ran here, but another attempt had taken over: what that returned counts. */
export interface Superseded<T> {
  readonly status: 'superseded';
  /** How the other attempt ended; absent when it has not within `waitMs`. */
  readonly winner?: Replayed<T> | ReplayedError | ReplayedWithoutValue | undefined;
}

/** An attempt began, and nobody knows how it ended. It is not run again by itself. */
export interface UnknownOutcome {
  readonly status: 'unknown';
  /** Since when that is so, in epoch milliseconds of the store's clock. */
  readonly atMs: number;
}

/** How a call ended. */
export type OnceResult<T> =
  | Ran<T>
  | Replayed<T>
  | ReplayedError
  | ReplayedWithoutValue
  | InFlight
  | Mismatch
  | Superseded<T>
  | UnknownOutcome;
