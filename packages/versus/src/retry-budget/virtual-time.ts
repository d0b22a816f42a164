import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@gabion/clock';
import { createManualClock } from '@gabion/clock/testing';

/** A clock that jumps to the next instant at which somebody wakes up. */
export interface VirtualTime {
  /** What everyone measures and waits on. */
  readonly clock: Clock;
  /** Lets time pass until the work is done. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** Creates virtual time, from 0 on. */
export function createVirtualTime(): VirtualTime {
  const manual = createManualClock();
  const sleepers = new Set<{ readonly dueAt: number }>();
  const clock: Clock = {
    ...manual,
    async sleep(ms, options) {
      const sleeper = { dueAt: manual.now() + ms };
      sleepers.add(sleeper);
      try {
        await manual.sleep(ms, options);
      } finally {
        sleepers.delete(sleeper);
      }
    },
  };
  return {
    clock,
    async run(work) {
      let isOver = false;
      const end = () => {
        isOver = true;
      };
      work.then(end, end);
      for (;;) {
        // Whoever woke up goes on until it waits again.
        await setImmediate();
        if (isOver) return work;
        if (sleepers.size === 0) throw new Error('everybody waits, and nobody will wake up');
        let nextAt = Infinity;
        for (const { dueAt } of sleepers) nextAt = Math.min(nextAt, dueAt);
        manual.advance(Math.max(0, nextAt - manual.now()));
      }
    },
  };
}
