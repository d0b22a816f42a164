import type { Clock } from '@gabion/clock';

/** How long one call is willing to wait. */
export interface Patience {
  /** Aborts when the caller's signal does, or with a time-out error; absent when neither can. */
  readonly signal: AbortSignal | undefined;
  /** Settles as the promise does, or rejects with the signal's reason if that comes first. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Waits for this long, or until woken; rejects with the signal's reason if that comes first. */
  sleep(ms: number, woken: AbortSignal | undefined): Promise<void>;
  /** Ends the timer and the listeners. */
  end(): void;
}

/** What a call said about its waiting. */
export interface PatienceTerms {
  readonly clock: Clock;
  /** Absent: without a limit. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Makes the reason of a time-out. */
  readonly timedOut: () => unknown;
}

/** Starts to wait. A call without a limit and without a signal costs nothing here. */
export function startPatience({ clock, waitMs, signal, timedOut }: PatienceTerms): Patience {
  if (waitMs === undefined && signal === undefined) return endless(clock);
  const giveUp = new AbortController();
  const ended = new AbortController();
  const abort = () => giveUp.abort(signal?.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  if (waitMs !== undefined) {
    clock.sleep(waitMs, { signal: ended.signal }).then(
      () => giveUp.abort(timedOut()),
      () => {},
    );
  }
  return {
    signal: giveUp.signal,
    race: (promise) => raceSignal(promise, giveUp.signal),
    sleep: (ms, woken) => sleepUnless(clock, ms, woken, giveUp.signal),
    end() {
      signal?.removeEventListener('abort', abort);
      ended.abort();
    },
  };
}

function endless(clock: Clock): Patience {
  return {
    signal: undefined,
    race: (promise) => promise,
    sleep: (ms, woken) => sleepUnless(clock, ms, woken),
    end() {},
  };
}

/** Settles as `promise` does, unless the signal aborts first; leaves no listener behind. */
export function raceSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => {});
      return reject(signal.reason);
    }
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const heard = () => signal.removeEventListener('abort', abort);
    promise.then(
      (value) => {
        heard();
        resolve(value);
      },
      (error) => {
        heard();
        reject(error);
      },
    );
  });
}

/** Sleeps until the time is over or `woken` aborts; rejects with the reason if `giveUp` does. */
async function sleepUnless(
  clock: Clock,
  ms: number,
  woken: AbortSignal | undefined,
  giveUp?: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const signal of [woken, giveUp]) {
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  }
  try {
    await clock.sleep(ms, { signal: stop.signal });
  } catch {
    giveUp?.throwIfAborted();
  } finally {
    for (const signal of [woken, giveUp]) signal?.removeEventListener('abort', abort);
  }
}
