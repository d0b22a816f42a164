import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHotKeys, type HotKeysSnapshot } from '../src/salting.js';
import { createOracle, type Oracle } from './hot-keys-oracle.js';

const halfLifeMs = 1_000;
/** What floating point may be off by, as a part of the total. */
const rounding = 1e-9;

const event = fc.record({
  // Few keys are frequent and many are rare, as in life.
  key: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('a', 'b', '__proto__') },
    fc.integer({ min: 0, max: 40 }).map((n) => `rare-${n}`),
  ),
  weight: fc.oneof(fc.constant(1), fc.integer({ min: 0, max: 1_000 })),
  pauseMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 }), fc.constant(5e7)),
  source: fc.integer({ min: 0, max: 2 }),
});
const history = fc.array(event, { maxLength: 120 });
const capacities = fc.integer({ min: 1, max: 12 });

type Bounds = { readonly total: number; readonly nowMs: number };

function checkBounds(
  hot: ReturnType<typeof createHotKeys>,
  oracle: Oracle,
  { total, nowMs }: Bounds,
  capacity: number,
): void {
  const slack = rounding * Math.max(total, Number.MIN_VALUE);
  for (const key of oracle.keys) {
    const truth = oracle.weight(key, nowMs);
    const seen = hot.estimate(key);
    if (seen === undefined) {
      expect(truth).toBeLessThanOrEqual(total / capacity + slack);
      continue;
    }
    expect(seen.weight).toBeGreaterThanOrEqual(truth - slack);
    expect(seen.weight - seen.error).toBeLessThanOrEqual(truth + slack);
    expect(seen.error).toBeLessThanOrEqual(total / capacity + slack);
  }
}

/** In the paper's algorithm nothing is lost: counters add up, and the lightest is the unseen. */
function checkSums(
  { counters, total, unseen }: HotKeysSnapshot,
  capacity: number,
  recorded: number,
): void {
  const weights = counters.map(([, weight]) => weight);
  const slack = rounding * Math.max(recorded, Number.MIN_VALUE);
  expect(Math.abs(total - recorded)).toBeLessThanOrEqual(slack);
  expect(Math.abs(weights.reduce((a, b) => a + b, 0) - recorded)).toBeLessThanOrEqual(slack);
  expect(unseen).toBe(weights.length < capacity ? 0 : Math.min(...weights));
}

describe('10. Hot keys are counted within bounds', () => {
  test('on any history every weight is within its error, and no error above total / capacity', () => {
    fc.assert(
      fc.property(history, capacities, (events, capacity) => {
        const clock = createManualClock(1e9);
        const hot = createHotKeys({ capacity, halfLifeMs, clock });
        const oracle = createOracle(halfLifeMs);
        for (const { key, weight, pauseMs } of events) {
          clock.advance(pauseMs);
          hot.record(key, weight);
          oracle.record(key, weight, clock.now());
        }
        const nowMs = clock.now();
        checkBounds(hot, oracle, { total: oracle.total(nowMs), nowMs }, capacity);
        expect(hot.snapshot().counters.length).toBeLessThanOrEqual(capacity);
        checkSums(hot.snapshot(), capacity, oracle.total(nowMs));
      }),
    );
  });

  test('every key above total / capacity is among the top, and top(k) is the top of top(k + 1)', () => {
    fc.assert(
      fc.property(history, capacities, (events, capacity) => {
        const clock = createManualClock();
        const hot = createHotKeys({ capacity, halfLifeMs, clock });
        const oracle = createOracle(halfLifeMs);
        for (const { key, weight } of events) {
          hot.record(key, weight);
          oracle.record(key, weight, 0);
        }
        const listed = hot.top(capacity).map(({ key }) => key);
        for (const key of oracle.keys) {
          if (oracle.weight(key, 0) <= oracle.total(0) / capacity) continue;
          expect(listed).toContain(key);
        }
        const all = hot.top(1_000);
        expect(all.length).toBeLessThanOrEqual(capacity);
        for (let k = 1; k <= all.length; k += 1) expect(hot.top(k)).toEqual(all.slice(0, k));
        all.forEach(({ weight }, i) => {
          expect(weight).toBeLessThanOrEqual(all[i - 1]?.weight ?? Number.POSITIVE_INFINITY);
        });
      }),
    );
  });

  test('merged over processes, the bounds are those of one that saw everything', () => {
    fc.assert(
      fc.property(history, capacities, (events, capacity) => {
        const clock = createManualClock();
        const processes = [0, 1, 2].map(() => createHotKeys({ capacity, halfLifeMs, clock }));
        const oracle = createOracle(halfLifeMs);
        for (const { key, weight, pauseMs, source } of events) {
          clock.advance(Math.min(pauseMs, 3_000));
          processes[source]!.record(key, weight);
          oracle.record(key, weight, clock.now());
        }
        const [first, ...others] = processes as [ReturnType<typeof createHotKeys>];
        for (const [i, other] of others.entries()) {
          // Twice, for a snapshot replaces the last one of its source.
          const snapshot = JSON.parse(JSON.stringify((other as typeof first).snapshot()));
          first.merge(`process-${i}`, snapshot);
          first.merge(`process-${i}`, snapshot);
        }
        clock.advance(700);
        const nowMs = clock.now();
        checkBounds(first, oracle, { total: oracle.total(nowMs), nowMs }, capacity);
        for (const seen of first.top(1_000)) expect(first.estimate(seen.key)).toEqual(seen);
      }),
    );
  });
});
