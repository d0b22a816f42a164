import { requireNumber } from '@gabion/contract';
import type { Clock, SleepOptions } from './clock.js';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves both clocks forward and ends the sleeps that are due, the earliest first.
   * A sleep begun by what wakes up is measured from the new time.
   *
   * @throws RangeError when `ms` is negative or not a finite number.
   */
  advance(ms: number): void;
  /** Sets both clocks, back too; going forward ends the sleeps that are due. */
  set(ms: number): void;
  /** Sets the wall clock alone, back too. No sleep ends: sleeps are measured on `now`. */
  setWall(ms: number): void;
  /** How many sleeps have not ended. */
  readonly pending: number;
}

interface Sleeper {
  readonly dueAt: number;
  wake(): void;
}

/**
 * Creates a clock that stands at `startMs` until a test moves it, for tests of anything that
 * takes a `clock`.
 *
 * @param startMs - Where both clocks begin, in milliseconds; finite.
 * @defaultValue `startMs` is 0.
 * @example
 * ```ts
 * import { createManualClock } from '@gabion/clock/testing';
 *
 * const clock = createManualClock(1_000);
 * const slept = clock.sleep(250);
 * clock.advance(250);
 * await slept;
 * console.log(clock.now()); // 1250
 * ```
 */
export function createManualClock(startMs = 0): ManualClock {
  let now = requireNumber('createManualClock', 'startMs', startMs, finite);
  let wall = now;
  let sleepers: Sleeper[] = [];

  function wakeTheDue(): void {
    const due = sleepers.filter((sleeper) => sleeper.dueAt <= now);
    sleepers = sleepers.filter((sleeper) => sleeper.dueAt > now);
    due.sort((a, b) => a.dueAt - b.dueAt);
    for (const sleeper of due) sleeper.wake();
  }

  function sleep(ms: number, { signal }: SleepOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      requireNumber('sleep', 'ms', ms, { min: 0 });
      if (signal?.aborted) return reject(signal.reason);
      if (ms === 0) return resolve();
      const abort = () => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper: Sleeper = { dueAt: now + ms, wake };
      sleepers.push(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  return {
    now: () => now,
    wallNow: () => wall,
    sleep,
    advance(ms) {
      requireNumber('advance', 'ms', ms, { min: 0, ...finite });
      now += ms;
      wall += ms;
      wakeTheDue();
    },
    set(ms) {
      now = requireNumber('set', 'ms', ms, finite);
      wall = now;
      wakeTheDue();
    },
    setWall(ms) {
      wall = requireNumber('setWall', 'ms', ms, finite);
    },
    get pending() {
      return sleepers.length;
    },
  };
}

const finite = { max: Number.MAX_VALUE };
