import { createRetrier, custom } from '@gabion/retry-budget';
import * as cockatiel from 'cockatiel';
import pRetry from 'p-retry';
import { retryAsync } from './wrappers.js';

/** What a retry is asked for. */
export interface Wish {
  /** The most attempts, the first included. */
  readonly maxAttempts: number;
  /** The wait before each retry, in milliseconds. */
  readonly backoffMs: number;
  /** The longest that the whole may take, in milliseconds. */
  readonly deadlineMs?: number;
}

/** Runs a function, again where it fails. */
export type Run = <T>(fn: () => T | Promise<T>, signal?: AbortSignal) => Promise<T>;

/** A candidate of the table on calls. */
export interface Subject {
  /** The heading of its column. */
  readonly name: string;
  /** Why it cannot be aborted, where it cannot. */
  readonly noSignal?: string;
  /** Makes what runs by a wish. */
  open(wish: Wish): Run;
}

/** Ours, as it comes. */
export const gabion: Subject = {
  name: 'gabion',
  open({ maxAttempts, backoffMs, deadlineMs }) {
    const backoff = custom(() => backoffMs);
    const retrier = createRetrier({ maxAttempts, backoff, deadlineMs });
    return async (fn, signal) => retrier.run(fn, signal && { signal });
  },
};

const cockatielSubject: Subject = {
  name: 'cockatiel',
  open({ maxAttempts, backoffMs, deadlineMs }) {
    const backoff = new cockatiel.ConstantBackoff(backoffMs);
    const retry = cockatiel.retry(cockatiel.handleAll, { maxAttempts: maxAttempts - 1, backoff });
    if (deadlineMs === undefined) return (fn, signal) => retry.execute(fn, signal);
    const timeout = cockatiel.timeout(deadlineMs, cockatiel.TimeoutStrategy.Aggressive);
    const policy = cockatiel.wrap(timeout, retry);
    return (fn, signal) => policy.execute(fn, signal);
  },
};

/** What `p-retry` and `async-retry` both hand to the package `retry`. */
function classicOptions({ maxAttempts, backoffMs, deadlineMs }: Wish) {
  const wait = { factor: 1, minTimeout: backoffMs, maxTimeout: Math.max(1, backoffMs) };
  const most = deadlineMs === undefined ? {} : { maxRetryTime: deadlineMs };
  return { retries: maxAttempts - 1, ...wait, ...most };
}

const pRetrySubject: Subject = {
  name: 'p-retry',
  open(wish) {
    return (fn, signal) => pRetry(fn, { ...classicOptions(wish), ...(signal && { signal }) });
  },
};

const asyncRetrySubject: Subject = {
  name: 'async-retry',
  noSignal: 'takes no signal',
  open(wish) {
    return (fn) => retryAsync(async () => fn(), classicOptions(wish));
  },
};

/** Everyone who retries a call. */
export const subjects: readonly Subject[] = [
  gabion,
  cockatielSubject,
  pRetrySubject,
  asyncRetrySubject,
];
