import { setTimeout as sleep } from 'node:timers/promises';
import { createRetrier, createRetryBudget, fullJitter } from '@gabion/retry-budget';
import CircuitBreaker from 'opossum';
import type { Load } from './load.js';

/** Sends one request. Rejects when there is no answer in time, or when the signal is aborted. */
export type Send = (signal: AbortSignal) => Promise<void>;

/** One client of the fleet, which calls the service in its way. */
export interface Client {
  /** Makes a call, of as many attempts as it takes and its way allows. */
  call(send: Send): Promise<void>;
  /** Ends what runs in the background. */
  close(): void;
}

/** How a client is made. What it remembers, it remembers for all of its calls. */
export type Way = (load: Load, signal: AbortSignal) => Client;

const nothingToClose = () => undefined;

/** What most code does: a loop, four attempts, exponential backoff with full jitter. */
export const naive: Way = (load, signal) => ({
  call: (send) => retryNaively(load, signal, send),
  close: nothingToClose,
});

/** The same attempts and the same waits, as long as the budget has a retry. */
export const budgeted: Way = (load, signal) => {
  const retrier = createBudgetedRetrier(load);
  return {
    call: (send) => retrier.run((attempt) => send(attempt.signal), { signal }),
    close: nothingToClose,
  };
};

/** A breaker around each attempt of the loop. While it is open, nothing is sent at all. */
export const naiveWithBreaker: Way = (load, signal) => {
  const breaker = createBreaker(load);
  return {
    call: (send) => retryNaively(load, signal, (one) => breaker.fire(send, one)),
    close: () => breaker.shutdown(),
  };
};

/** Both: the breaker decides whether anything is sent, the budget whether it is sent again. */
export const budgetedWithBreaker: Way = (load, signal) => {
  const breaker = createBreaker(load);
  const retrier = createBudgetedRetrier(load);
  return {
    call: (send) => retrier.run((attempt) => breaker.fire(send, attempt.signal), { signal }),
    close: () => breaker.shutdown(),
  };
};

/** Whether it was a breaker that failed the call, without sending anything. */
export function isRefusal(error: unknown): boolean {
  return CircuitBreaker.isOurError(error as Error);
}

async function retryNaively(load: Load, end: AbortSignal, send: Send): Promise<void> {
  const { maxAttempts, baseMs, timeoutMs } = load;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(AbortSignal.any([end, AbortSignal.timeout(timeoutMs)]));
    } catch (error) {
      if (attempt >= maxAttempts || end.aborted || isRefusal(error)) throw error;
      await sleep(Math.random() * baseMs * 2 ** (attempt - 1), undefined, { signal: end });
    }
  }
}

function createBudgetedRetrier({ ratio, reserve, maxAttempts, baseMs, timeoutMs }: Load) {
  return createRetrier({
    budget: createRetryBudget({ ratio, reserve }),
    maxAttempts,
    backoff: fullJitter({ baseMs, maxMs: 10_000 }),
    attemptTimeoutMs: timeoutMs,
    classify: (error) => (isRefusal(error) ? 'stop' : 'retry'),
  });
}

/** Opens when half of the requests of the last second have failed, five of them at least. */
function createBreaker({ breakerOpenMs }: Load) {
  return new CircuitBreaker((send: Send, signal: AbortSignal) => send(signal), {
    timeout: false,
    errorThresholdPercentage: 50,
    rollingCountTimeout: 1_000,
    volumeThreshold: 5,
    resetTimeout: breakerOpenMs,
  });
}
