import { CodedError } from '@gabion/contract';

/** What the retrier did itself, told apart by `code`. Whatever else is thrown is the caller's. */

/** An attempt was not over in time. It may still be under way: its signal has been aborted. */
export class AttemptTimeoutError extends CodedError {
  override readonly code = 'ATTEMPT_TIMEOUT' as const;
  /** What the attempt was given, in milliseconds. */
  readonly timeoutMs: number;

  constructor(message: string, timeoutMs: number, options?: ErrorOptions) {
    super('AttemptTimeoutError', 'ATTEMPT_TIMEOUT', message, options);
    this.timeoutMs = timeoutMs;
  }
}

/** The gate opens only after the deadline: nothing was sent. */
export class GateClosedError extends CodedError {
  override readonly code = 'GATE_CLOSED' as const;
  /** When it opens, in milliseconds from the moment of the call. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super('GateClosedError', 'GATE_CLOSED', message, options);
    this.retryAfterMs = retryAfterMs;
  }
}
