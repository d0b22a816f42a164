import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overdraft, possible, saysWhen, tightness } from '../checks.js';
import { decisionsAfter, turned } from './histories.js';

const shares = fc.record({
  capacity: fc.integer({ min: 1, max: 20 }),
  refillPerSecond: fc.integer({ min: 1, max: 50 }),
});
const pauses = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 120 });
/** Tries without a pause, as of a greedy client: its bucket is empty before long. */
const greedy = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 100, maxLength: 200 });

describe('the check that no client gets more than its bucket gives', () => {
  test('finds nothing in what a real bucket decided', () => {
    fc.assert(
      fc.property(shares, pauses, (share, pausesMs) => {
        const decisions = decisionsAfter(pausesMs, share);
        expect(overdraft(decisions, share)).toBeLessThanOrEqual(0);
        const taken = decisions.filter(({ result }) => result.allowed).length;
        expect(taken).toBeLessThanOrEqual(possible(decisions, share));
      }),
    );
  });

  test('finds a single token too many, given to a client that never pauses', () => {
    fc.assert(
      fc.property(shares, greedy, (share, pausesMs) => {
        const decisions = decisionsAfter(pausesMs, share);
        const refused = decisions.findIndex(({ result }) => !result.allowed);
        fc.pre(refused >= 0);
        const cheated = decisions.with(refused, turned(decisions[refused]!));
        expect(overdraft(cheated, share)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the check that the wait is exact', () => {
  test('finds nothing in what a real bucket decided', () => {
    fc.assert(
      fc.property(shares, pauses, (share, pausesMs) => {
        const seen = tightness(decisionsAfter(pausesMs, share));
        expect(seen).toMatchObject({ earlyAllowed: 0, dueRefused: 0 });
      }),
    );
  });

  test('finds a wait that is a millisecond too long, or too short', () => {
    fc.assert(
      fc.property(shares, greedy, fc.constantFrom(-1, 1), (share, pausesMs, errorMs) => {
        // Every millisecond is tried, so that the first one that is allowed is seen.
        const decisions = decisionsAfter([...pausesMs, ...Array(1_100).fill(1)], share);
        const refused = decisions.filter(({ result }) => !result.allowed);
        const wrong = decisions.map(({ key, result }) => {
          if (result.allowed || result.retryAfterMs === null) return { key, result };
          return { key, result: { ...result, retryAfterMs: result.retryAfterMs + errorMs } };
        });
        fc.pre(refused.length > 0 && share.refillPerSecond < 50);
        const { earlyAllowed, dueRefused } = tightness(wrong);
        expect(errorMs > 0 ? earlyAllowed : dueRefused).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the check that a refusal says when to come back', () => {
  test('takes whole seconds from one on, and nothing else', () => {
    expect(['1', '2', '10'].every((retryAfter) => saysWhen({ retryAfter }))).toBe(true);
    for (const retryAfter of [undefined, '', '0', '-1', '0.5', '1.5', 'soon']) {
      expect(saysWhen({ retryAfter })).toBe(false);
    }
  });
});
