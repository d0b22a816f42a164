import { createTokenBucket } from '@gabion/token-bucket';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withFakeTime } from '../src/fake-time.js';
import { createFloor } from '../src/token-bucket/floor-gcra.js';

/** Limits that both count without a remainder: a whole number of milliseconds per token. */
const terms = fc.record({
  capacity: fc.integer({ min: 1, max: 50 }),
  tokens: fc.constant(1),
  everyMs: fc.integer({ min: 1, max: 5_000 }),
});
const steps = fc.array(
  fc.record({ key: fc.constantFrom('a', 'b'), pauseMs: fc.nat({ max: 3_000 }) }),
  { minLength: 1, maxLength: 100 },
);

test('the floor is a limiter: it decides as ours does, on any history', async () => {
  const property = fc.asyncProperty(terms, steps, (limit, history) =>
    withFakeTime(async (time) => {
      const { capacity, tokens, everyMs } = limit;
      const decide = createFloor(limit);
      const bucket = createTokenBucket({ capacity, refill: { tokens, everyMs } });
      for (const { key, pauseMs } of history) {
        time.advance(pauseMs);
        const { allowed, remaining, retryAfterMs, resetAfterMs } = decide(key);
        const ours = bucket.takeSync(key);
        expect({ allowed, remaining, resetAfterMs }).toEqual({
          allowed: ours.allowed,
          remaining: ours.remaining,
          resetAfterMs: ours.resetAfterMs,
        });
        expect(retryAfterMs).toBe(ours.allowed ? 0 : ours.retryAfterMs);
      }
    }),
  );
  await fc.assert(property);
});

test('a limit that is no whole number of microseconds a token is refused', () => {
  expect(() => createFloor({ capacity: 1, tokens: 3, everyMs: 1_000 })).toThrow(RangeError);
});

test('a burst whose arithmetic would leave the integers is refused', () => {
  const limit = { capacity: 1e9, tokens: 1, everyMs: 86_400_000 };
  expect(() => createFloor(limit)).toThrow(RangeError);
});
