import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { largestFence, nextFence } from '../src/core/fence.js';

/** Numbers of every size, and many that end where doubles do. */
const anyFence = fc.oneof(
  fc.constantFrom(0, 1, largestFence - 2, largestFence - 1, largestFence),
  fc.maxSafeNat(),
  fc.nat(),
);

/** A server's clock in microseconds: about now, and anything else. */
const anyUs = fc.oneof(
  fc.integer({ min: 1_600_000_000_000_000, max: 1_900_000_000_000_000 }),
  anyFence,
);

describe('1. The fence only grows', () => {
  test('it is max(counter + 1, server µs, floor + 1), and an error where a double would round that', () => {
    fc.assert(
      fc.property(anyFence, anyUs, anyFence, (counter, serverUs, floor) => {
        const exact = [BigInt(counter) + 1n, BigInt(serverUs), BigInt(floor) + 1n].reduce(
          (highest, one) => (one > highest ? one : highest),
        );
        if (exact <= BigInt(Number.MAX_SAFE_INTEGER)) {
          expect(BigInt(nextFence(counter, serverUs, floor))).toBe(exact);
        } else {
          expect(() => nextFence(counter, serverUs, floor)).toThrow(
            expect.objectContaining({ code: 'FENCE_EXHAUSTED' }),
          );
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test('a counter that another wrote beyond 2^53 is an error, too', () => {
    for (const counter of [2 ** 53, 2 ** 53 + 2, 2 ** 60, Number.MAX_VALUE, Infinity]) {
      expect(() => nextFence(counter, 1, 0)).toThrow('no fence is left above');
    }
  });

  test('it grows over any history in which counters are lost and clocks stand, while no more are granted than microseconds pass', () => {
    const anyGrant = fc.record({
      passesUs: fc.nat({ max: 50 }),
      loses: fc.boolean(),
      // A guard reports what was granted before, never more.
      floorFromTheLast: fc.option(fc.nat({ max: 20 })),
    });
    fc.assert(
      fc.property(anyUs, fc.array(anyGrant, { maxLength: 100 }), (startUs, grants) => {
        let serverUs = Math.min(startUs, largestFence - 10_000);
        let [counter, last] = [0, 0];
        for (const { passesUs, loses, floorFromTheLast } of grants) {
          if (loses) counter = 0;
          const floor = floorFromTheLast === null ? 0 : Math.max(0, last - floorFromTheLast);
          const fence = nextFence(counter, serverUs, floor);
          expect(fence).toBeGreaterThan(last);
          counter = fence;
          last = fence;
          serverUs += 1 + passesUs;
        }
      }),
    );
  });

  test('it grows while a counter lives, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(anyUs, { maxLength: 100 }), (clocks) => {
        let counter = 0;
        for (const serverUs of clocks.filter((us) => us < largestFence - 100)) {
          const fence = nextFence(counter, serverUs, 0);
          expect(fence).toBeGreaterThan(counter);
          counter = fence;
        }
      }),
    );
  });
});
