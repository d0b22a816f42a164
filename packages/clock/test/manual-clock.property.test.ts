import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../src/testing.js';

/** What a test may do to a clock: begin a sleep, abort one, or move time. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('sleep' as const), ms: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ kind: fc.constant('abort' as const), which: fc.nat({ max: 9 }) }),
  fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 30 }) }),
);

interface Sleeper {
  readonly dueAt: number;
  readonly aborter: AbortController;
  ended: 'no' | 'woken' | 'aborted';
}

describe('a manual clock', () => {
  test('ends each sleep when its time has come, the earliest first, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = createManualClock();
        const sleepers: Sleeper[] = [];
        let woken: number[] = [];
        for (const one of steps) {
          if (one.kind === 'sleep') {
            const aborter = new AbortController();
            const sleeper: Sleeper = { dueAt: clock.now() + one.ms, aborter, ended: 'no' };
            sleepers.push(sleeper);
            clock.sleep(one.ms, { signal: aborter.signal }).then(
              () => {
                sleeper.ended = 'woken';
                woken.push(sleeper.dueAt);
              },
              () => {
                sleeper.ended = 'aborted';
              },
            );
          } else if (one.kind === 'abort') {
            sleepers[one.which]?.aborter.abort();
          } else {
            woken = [];
            clock.advance(one.ms);
          }
          await Promise.resolve();
          await Promise.resolve();
          for (const { dueAt, aborter, ended } of sleepers) {
            const isDue = dueAt <= clock.now();
            if (!aborter.signal.aborted) expect(ended).toBe(isDue ? 'woken' : 'no');
            else expect(ended === 'no').toBe(false);
          }
          expect(woken).toEqual([...woken].sort((a, b) => a - b));
          expect(clock.pending).toBe(sleepers.filter(({ ended }) => ended === 'no').length);
        }
      }),
    );
  });
});
