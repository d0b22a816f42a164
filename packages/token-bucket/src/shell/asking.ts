import type { Clock } from '@gabion/clock';
import { notify, type StoreProbe, StoreUnavailableError } from '@gabion/contract';
import { type TakeResult, toResult } from '../result.js';
import type { BucketStore, TakeRequest, Verdict } from '../store.js';
import type { Fallback } from './fallback.js';
import type { TokenBucketObserver } from './options.js';

/** Puts one question to the store and answers it in any case, within the deadline. */
export type Ask = (request: TakeRequest, signal?: AbortSignal) => Promise<TakeResult>;

interface Asking {
  readonly name: string;
  readonly store: BucketStore;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly probe: StoreProbe;
  readonly fallback: Fallback;
  readonly observer: TokenBucketObserver | undefined;
}

/**
 * Creates the way to the store: a deadline on every call, one probe per `probeEveryMs` while the
 * store is broken, and the fallback's answer instead of a failure. Errors that are not the
 * store's unavailability (bad keys, a newer layout) and the caller's own abort pass through.
 */
export function createAsk(asking: Asking): Ask {
  const { name, store, clock, deadlineMs, probe, fallback, observer } = asking;
  const unasked = `${name}: the store is broken and not asked before its next probe`;

  return async (request, signal) => {
    signal?.throwIfAborted();
    if (!probe.mayAsk()) return fallback(request, new StoreUnavailableError(unasked, 'none'));
    const key = request.keys[0] as string;
    try {
      const answer = store.take(request, { timeoutMs: deadlineMs, signal });
      const verdict = await (store.keepsDeadlines ? answer : within(asking, answer, signal));
      if (probe.succeeded()) notify(observer, 'storeRecovered', { name, key, atMs: verdict.atMs });
      tellEvicted(observer, verdict);
      return toResult(verdict, 'store');
    } catch (error) {
      signal?.throwIfAborted();
      if (!isUnavailable(error)) throw error;
      if (probe.failed()) {
        notify(observer, 'storeFailed', { name, key, error, atMs: Math.floor(clock.wallNow()) });
      }
      return fallback(request, error);
    }
  };
}

/** Tells the observer what a memory store dropped to make room. */
export function tellEvicted(
  observer: TokenBucketObserver | undefined,
  { evicted, atMs }: Verdict,
): void {
  if (evicted === undefined) return;
  for (const one of evicted) notify(observer, 'evicted', { ...one, atMs });
}

/** Ends the wait for a store that does not keep deadlines itself. */
async function within(
  { name, clock, deadlineMs }: Asking,
  answer: Promise<Verdict>,
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  const answered = new AbortController();
  const ends = signal === undefined ? [answered.signal] : [answered.signal, signal];
  const late = clock.sleep(deadlineMs, { signal: AbortSignal.any(ends) }).then(() => {
    throw new StoreUnavailableError(`${name}: no reply within ${deadlineMs} ms`, 'unknown');
  });
  try {
    // Whichever loses the race may still reject: the race has heard it, so nobody else need.
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
  }
}

/** By its code: another copy of this package may have thrown it. */
function isUnavailable(error: unknown): error is StoreUnavailableError {
  return error instanceof Error && 'code' in error && error.code === 'STORE_UNAVAILABLE';
}
