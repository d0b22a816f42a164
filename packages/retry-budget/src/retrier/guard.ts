import type { Clock } from '@gabion/clock';
import { AttemptTimeoutError } from '../errors.js';
import type { Attempt } from './attempt.js';

/** What may end an attempt before its work does. */
export interface Guard {
  readonly clock: Clock;
  /** The longest it may take; `Infinity`: as long as it likes. */
  readonly timeoutMs: number;
  /** Ends the run. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Settles as `work` does, unless time or the signal end the attempt first: then the attempt's own
 * signal is aborted, and whatever the work does later is nobody's business. Either way neither a
 * timer nor a listener is left.
 */
export function guarded<T>(work: Promise<T>, attempt: Attempt, guard: Guard): Promise<T> {
  const { clock, timeoutMs, signal } = guard;
  return new Promise((resolve, reject) => {
    const timer = timeoutMs === Infinity ? undefined : new AbortController();
    const leave = () => {
      timer?.abort(over);
      signal?.removeEventListener('abort', abort);
    };
    const give = (reason: unknown) => {
      leave();
      reject(reason);
      attempt.abort(reason);
    };
    const abort = () => give(signal?.reason);
    work.then(
      (value) => {
        leave();
        resolve(value);
      },
      (error) => {
        leave();
        reject(error);
      },
    );
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    if (timer === undefined) return;
    clock.sleep(timeoutMs, { signal: timer.signal }).then(
      () => give(timedOut(attempt, timeoutMs)),
      () => {},
    );
  });
}

/** Why the timer of an attempt ended: a constant costs no stack trace. */
const over = 'the attempt is over';

function timedOut({ attempt }: Attempt, timeoutMs: number): AttemptTimeoutError {
  return new AttemptTimeoutError(`run: attempt ${attempt} took over ${timeoutMs} ms`, timeoutMs);
}
