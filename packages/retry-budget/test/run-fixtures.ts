import { setMaxListeners } from 'node:events';
import { type Clock, createManualClock, type ManualClock } from '@gabion/clock/testing';
import { createRetrier, type RetrierOptions } from '../src/index.js';

/** Lets everything run that can: no time passes. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What has become of a promise so far: its value, its reason, or that it hangs. */
export async function endOf(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([
    promise.then(
      (value) => ({ value }),
      (reason) => ({ reason }),
    ),
    turn().then(() => 'pending'),
  ]);
}

/** The reason of a promise that has to reject. */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${String(value)}`);
    },
    (reason) => reason,
  );
}

/**
 * A clock on which a sleep is over as soon as everything else has run that can, and its time has
 * passed. It notes what was slept to the end, so not the timers of attempts that were over sooner.
 */
export interface HastyClock extends Clock {
  readonly slept: readonly number[];
  /** Lets time pass without anybody sleeping, as work does. */
  pass(ms: number): void;
}

export function createHastyClock(startMs = 0): HastyClock {
  let nowMs = startMs;
  const slept: number[] = [];
  return {
    slept,
    now: () => nowMs,
    wallNow: () => nowMs,
    async sleep(ms, { signal } = {}) {
      await turn();
      signal?.throwIfAborted();
      slept.push(ms);
      nowMs += ms;
    },
    pass(ms) {
      nowMs += ms;
    },
  };
}

/** Moves a manual clock, by the steps given, until the promise has settled. */
export async function settled<T>(
  clock: ManualClock,
  promise: Promise<T>,
  stepMs = 1,
): Promise<PromiseSettledResult<T>> {
  let result: PromiseSettledResult<T> | undefined;
  Promise.allSettled([promise]).then(([only]) => {
    result = only;
  });
  for (let steps = 0; steps < 10_000; steps += 1) {
    await turn();
    if (result !== undefined) return result;
    clock.advance(stepMs);
  }
  throw new Error('it never settled');
}

/** A signal that as many may listen to as like. */
export function createLeaving(): AbortController {
  const leaving = new AbortController();
  setMaxListeners(0, leaving.signal);
  return leaving;
}

/** Work that fails with the given values in turn, and succeeds with 'done' after them. */
export function failing(...errors: readonly unknown[]) {
  let calls = 0;
  const work = async () => {
    calls += 1;
    if (calls <= errors.length) throw errors[calls - 1];
    return 'done';
  };
  return Object.defineProperty(work, 'calls', { get: () => calls }) as typeof work & {
    readonly calls: number;
  };
}

/** A retrier on a hasty clock: no run takes time, and every wait is on record. */
export function hasty(options: RetrierOptions = {}) {
  const clock = createHastyClock();
  const retrier = createRetrier({ clock, random: () => 0, ...options });
  return { clock, retrier };
}

/** A retrier on a clock that a test moves. */
export function manual(options: RetrierOptions = {}) {
  const clock = createManualClock(1_000_000);
  const retrier = createRetrier({ clock, random: () => 0, ...options });
  return { clock, retrier };
}

export { createManualClock };
