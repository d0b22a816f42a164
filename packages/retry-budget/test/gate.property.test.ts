import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRetryGate } from '../src/index.js';

/** What happens to a gate: it is closed for some time, or time passes. */
const anySteps = fc.array(
  fc.record({
    what: fc.constantFrom('close' as const, 'pass' as const),
    ms: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 10_000_000 })),
  }),
  { maxLength: 20 },
);

const anyChance = fc.constantFrom(0, 0.25, 0.5, 1 - 2 ** -53);

describe('5. Retry-After is a floor, and closes a gate for everyone', () => {
  test('a gate opens when the latest of all hints ends, whatever came in between', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const clock = createManualClock(77);
        const gate = createRetryGate({ clock, random: () => 0 });
        let opensAt = 0;
        for (const { what, ms } of steps) {
          if (what === 'pass') clock.advance(ms);
          else gate.close(ms);
          if (what === 'close') opensAt = Math.max(opensAt, clock.now() + ms);
          expect(gate.opensInMs).toBe(Math.max(0, opensAt - clock.now()));
        }
      }),
    );
  });

  test('a wait is never shorter than the backoff or than the gate is closed', () => {
    const anyWait = fc.record({
      leastMs: fc.integer({ min: 0, max: 5_000 }),
      mostMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: -10, max: 10_000 })),
    });
    fc.assert(
      fc.property(anySteps, anyChance, anyWait, (steps, chance, { leastMs, mostMs }) => {
        const clock = createManualClock();
        const gate = createRetryGate({ clock, random: () => chance });
        for (const { what, ms } of steps) {
          if (what === 'pass') clock.advance(ms);
          else gate.close(ms);
        }
        const floorMs = Math.max(leastMs, gate.opensInMs);
        const waitMs = gate.waitMs(leastMs, mostMs);
        expect(waitMs).toBeGreaterThanOrEqual(floorMs);
        // Jitter is bounded, and alone never carries a wait over what the caller has.
        expect(waitMs).toBeLessThanOrEqual(floorMs + 5_000);
        expect(waitMs).toBeLessThanOrEqual(Math.max(floorMs, mostMs));
        if (gate.opensInMs === 0) expect(waitMs).toBe(leastMs);
      }),
    );
  });

  test('the jitter is even up to a quarter of what it was closed for, five seconds at most', () => {
    const widest = (hintMs: number) => {
      const clock = createManualClock();
      const gate = createRetryGate({ clock, random: () => 1 });
      gate.close(hintMs);
      return gate.waitMs(0, Infinity) - hintMs;
    };
    expect([4, 1_000, 20_000, 20_001, 3_600_000].map(widest)).toEqual([
      1, 250, 5_000, 5_000, 5_000,
    ]);
  });

  test('a gate with no clock of its own measures on that of the process', () => {
    const gate = createRetryGate();
    gate.close(60_000);
    expect(gate.opensInMs).toBeGreaterThan(50_000);
    expect(gate.waitMs(0, Infinity)).toBeLessThanOrEqual(65_000);
  });
});
