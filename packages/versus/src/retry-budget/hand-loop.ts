import { setTimeout as sleep } from 'node:timers/promises';

/** How often a hand-written loop tries, and how long it waits in between. */
export interface LoopOptions {
  /** The most attempts, the first included. */
  readonly maxAttempts: number;
  /** The first backoff, in milliseconds; full jitter, doubled each time. */
  readonly baseMs: number;
}

/**
 * The floor: the loop that a careful engineer writes by hand, with full jitter. No budget, no
 * deadline, no signal, no `Retry-After`.
 */
export function createHandLoop({ maxAttempts, baseMs }: LoopOptions) {
  return async function handLoop<T>(fn: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await fn();
      } catch (error) {
        if (attempt >= maxAttempts) throw error;
        await sleep(Math.random() * baseMs * 2 ** (attempt - 1));
      }
    }
  };
}
