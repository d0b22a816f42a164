import type { Clock } from '@gabion/clock';

/** What the user's function is told of the attempt that it makes. */
export interface RetryAttempt {
  /** Which attempt of its run it is: 1 is the first. */
  readonly attempt: number;
  /**
   * Aborted when the attempt is not wanted any more: its time is over (the reason is an
   * `ATTEMPT_TIMEOUT` error), or the run's signal was aborted (its reason). Another one for each
   * attempt, and created when it is first read.
   */
  readonly signal: AbortSignal;
  /** What is left of the run's deadline at this moment, in milliseconds; `Infinity` without. */
  readonly remainingMs: number;
}

/** An attempt whose signal costs nothing until somebody reads it. */
export class Attempt implements RetryAttempt {
  readonly attempt: number;
  private readonly clock: Clock;
  private readonly endsAt: number;
  private controller: AbortController | undefined = undefined;
  /** In a list, since any value can be a reason. */
  private reasons: [unknown] | undefined = undefined;

  constructor(attempt: number, clock: Clock, endsAt: number) {
    this.attempt = attempt;
    this.clock = clock;
    this.endsAt = endsAt;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.reasons !== undefined) this.controller.abort(this.reasons[0]);
    }
    return this.controller.signal;
  }

  get remainingMs(): number {
    return this.endsAt === Infinity ? Infinity : Math.max(0, this.endsAt - this.clock.now());
  }

  /** Aborts the signal, also if it is read only later. */
  abort(reason: unknown): void {
    this.reasons = [reason];
    this.controller?.abort(reason);
  }
}

/** A first attempt that nothing ends but its own work: created at every run, so it is small. */
export class FreeAttempt implements RetryAttempt {
  private controller: AbortController | undefined = undefined;

  get attempt(): number {
    return 1;
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    return this.controller.signal;
  }

  get remainingMs(): number {
    return Infinity;
  }
}
