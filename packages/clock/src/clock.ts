import { requireNumber } from '@gabion/contract';

/** How long a sleep may last, and what ends it early. */
export interface SleepOptions {
  /** Ends the sleep: it rejects with the signal's reason, and no timer is left behind. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether the sleep keeps a Node process from ending when nothing else does.
   * @defaultValue true
   */
  readonly keepsAlive?: boolean | undefined;
}

/**
 * Time as an argument. Everything in Gabion that measures or waits takes one of these, so a test
 * can move time by hand (`createManualClock`, at `./testing`).
 *
 * Durations are measured on `now`, which never goes back; instants that leave the process are
 * read from `wallNow`, which may.
 */
export interface Clock {
  /** The monotonic clock: milliseconds, possibly fractional, since some fixed moment. */
  now(): number;
  /** The wall clock: milliseconds since 1970-01-01T00:00:00Z. It may step back. */
  wallNow(): number;
  /**
   * Resolves once `ms` milliseconds have passed on `now`; never resolves for `Infinity`.
   *
   * @throws TypeError | RangeError (it rejects) when `ms` is not a number of at least 0.
   */
  sleep(ms: number, options?: SleepOptions): Promise<void>;
}

/** The longest delay a timer takes: a longer one would fire at once (2^31 − 1 ms, 24.8 days). */
const longestTimerMs = 2 ** 31 - 1;

/** The process's own clocks: `performance.now`, `Date.now` and timers of any length. */
export const systemClock: Clock = Object.freeze({
  now: () => performance.now(),
  wallNow: () => Date.now(),
  sleep: sleepOnTimers,
});

function sleepOnTimers(
  ms: number,
  { signal, keepsAlive = true }: SleepOptions = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    requireNumber('sleep', 'ms', ms, { min: 0 });
    if (signal?.aborted) return reject(signal.reason);
    const endsAt = performance.now() + ms;
    let timer: ReturnType<typeof setTimeout>;
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    // A timer may fire up to a millisecond early, and a long sleep takes several: go on until the
    // end is really there.
    const goOn = () => {
      const leftMs = endsAt - performance.now();
      if (leftMs > 0) {
        timer = setTimeout(goOn, Math.min(Math.ceil(leftMs), longestTimerMs));
        // In browsers a timer is a number, and nothing is kept alive by it.
        if (!keepsAlive && typeof timer === 'object') timer.unref();
        return;
      }
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    signal?.addEventListener('abort', abort, { once: true });
    goOn();
  });
}
