import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compete, jainIndex } from '../src/fenced-lock/contention.js';
import { callsOf } from '../src/fenced-lock/sent.js';

describe('the Jain index', () => {
  test('is 1 when all have the same, and 1 / n when one has everything', () => {
    expect(jainIndex([7, 7, 7])).toBe(1);
    expect(jainIndex([0, 9, 0, 0])).toBe(0.25);
  });

  test('of its authors’ example: 1 000 contenders of whom 100 share alike is 0.1', () => {
    const shares = Array.from({ length: 1_000 }, (_, i) => (i < 100 ? 5 : 0));
    expect(jainIndex(shares)).toBeCloseTo(0.1);
  });

  test('knows neither order nor scale, and lies between 1 / n and 1', () => {
    const shares = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 50 });
    const property = fc.property(shares, (some) => {
      fc.pre(some.some((share) => share > 0));
      const index = jainIndex(some);
      expect(index).toBeLessThanOrEqual(1 + 1e-9);
      expect(index).toBeGreaterThanOrEqual(1 / some.length - 1e-9);
      expect(jainIndex(some.toReversed().map((share) => share * 3))).toBeCloseTo(index);
    });
    fc.assert(property);
  });
});

/** A lock in this process, first come, first served, that says how many had it at one time. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  let inside = 0;
  let most = 0;
  const hold = (work: () => Promise<unknown>) => {
    last = last.then(async () => {
      inside += 1;
      most = Math.max(most, inside);
      await work();
      inside -= 1;
    });
    return last;
  };
  return { hold, most: () => most };
}

describe('a contest', () => {
  const contest = { contenders: 5, holdMs: 1, thinkMs: 0, warmUpMs: 10, durationMs: 60 };

  test('of a queue is fair, and each has the lock for as long as it holds it', async () => {
    const queue = createQueue();
    const { shares, handOffs, allHandOffs } = await compete(queue.hold, contest);
    expect(queue.most()).toBe(1);
    expect(shares).toHaveLength(5);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    expect(handOffs).toBe(shares.reduce((sum, share) => sum + share, 0));
    // The rush at the beginning and whoever still waits at the end are not counted.
    expect(allHandOffs).toBeGreaterThan(handOffs);
  });

  test('counts the wait of whoever had to wait until the end', async () => {
    let locked = false;
    const waiting: (() => void)[] = [];
    // Whoever came first keeps it, and the others have it when that one wants it no more.
    const hold = async (work: () => Promise<unknown>) => {
      if (locked) await new Promise<void>((resolve) => waiting.push(resolve));
      locked = true;
      await work();
    };
    const one = compete(hold, { ...contest, contenders: 2, warmUpMs: 0 });
    setTimeout(() => {
      for (const go of waiting) go();
    }, contest.durationMs + 30);
    const { waitsMs } = await one;
    expect(Math.max(...waitsMs)).toBeGreaterThanOrEqual(contest.durationMs);
  });
});

test('what a client sent is told apart from what its scripts did', () => {
  const calls = { evalsha: 2, set: 1, get: 2, del: 1 };
  expect(callsOf(calls, ['evalsha', 'eval'])).toBe(2);
  expect(callsOf(calls, ['evalsha', 'set'])).toBe(3);
});
