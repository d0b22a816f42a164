import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStoreProbe } from '../src/index.js';

const probeEveryMs = 100;

/** One caller, or one answer to an earlier caller, after some time. */
const step = fc.record({
  passMs: fc.oneof(fc.constant(0), fc.nat({ max: 30 }), fc.nat({ max: 250 })),
  what: fc.constantFrom('ask', 'ask', 'ask', 'succeeded', 'failed'),
});
const history = fc.array(step, { maxLength: 80 });

/** Plays a history, and tells of each instant whether the store counted as broken. */
function play(steps: readonly { passMs: number; what: string }[]) {
  let now = 0;
  let broken = false;
  const probe = createStoreProbe({ now: () => now }, { probeEveryMs });
  const asks: { atMs: number; broken: boolean; asked: boolean; probeInMs: number }[] = [];
  const changes: boolean[] = [];
  for (const { passMs, what } of steps) {
    now += passMs;
    const { probeInMs } = probe;
    if (what === 'ask') asks.push({ atMs: now, broken, asked: probe.mayAsk(), probeInMs });
    else {
      const isBroken = what === 'failed';
      changes.push((isBroken ? probe.failed() : probe.succeeded()) === (isBroken !== broken));
      broken = isBroken;
    }
  }
  return { asks, changes };
}

describe('a store probe, on any history', () => {
  test('lets at most one call ask a broken store in any probeEveryMs', () => {
    fc.assert(
      fc.property(history, (steps) => {
        // A success in between mends the store, so only asks of one breakdown are compared.
        let latest = -Infinity;
        for (const { atMs, broken, asked } of play(steps).asks) {
          if (!broken) latest = -Infinity;
          else if (asked) {
            expect(atMs - latest).toBeGreaterThanOrEqual(probeEveryMs);
            latest = atMs;
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('lets every call ask a store that is not broken', () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const { broken, asked } of play(steps).asks) if (!broken) expect(asked).toBe(true);
      }),
    );
  });

  test('lets a call ask exactly when the time to the next probe is 0', () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const { asked, probeInMs } of play(steps).asks) expect(asked).toBe(probeInMs === 0);
      }),
    );
  });

  test('tells of every change between working and broken, and of nothing else', () => {
    fc.assert(
      fc.property(history, (steps) => {
        expect(play(steps).changes).not.toContain(false);
      }),
    );
  });
});
