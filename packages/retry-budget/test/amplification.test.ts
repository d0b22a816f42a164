import { describe, expect, test } from 'vitest';
import { createRetrier, createRetryBudget, type RetryBudgetOptions } from '../src/index.js';
import {
  createHastyClock,
  createLeaving,
  failing,
  hasty,
  manual,
  reasonOf,
  turn,
} from './run-fixtures.js';

const outage = new Error('out');
const alwaysFails = async () => {
  throw outage;
};

/** A thousand runs that fail at the same moment, on a clock that stands still. */
async function thousandFailures(options: RetryBudgetOptions) {
  const budget = createRetryBudget(options);
  const { clock, retrier } = manual({ budget, backoff: () => 100 });
  let calls = 0;
  const leaving = createLeaving();
  const fail = async () => {
    calls += 1;
    throw outage;
  };
  const { signal } = leaving;
  const ends = Promise.allSettled(
    Array.from({ length: 1_000 }, () => retrier.run(fail, { signal })),
  );
  await turn();
  return { budget, clock, leaving, ends, calls: () => calls };
}

describe('1. Amplification is capped', () => {
  test.each<[string, RetryBudgetOptions, number]>([
    ['success', { deposit: 'success', reserve: 10 }, 10],
    ['request', { deposit: 'request', ratio: 0.2, windowMs: 1_000, minRetriesPerSecond: 5 }, 205],
    // The 200th of a thousand is let go with 1000 under way, and each refusal leaves one less.
    ['concurrency', { deposit: 'concurrency', ratio: 0.2, minConcurrent: 3 }, 200],
  ])(
    'of a thousand simultaneous failures only as many sleep as the %s budget allows',
    async (_, options, most) => {
      const { clock, ends, leaving } = await thousandFailures(options);
      expect(clock.pending).toBe(most);
      leaving.abort();
      await ends;
    },
  );

  test.each<[string, RetryBudgetOptions]>([
    ['success', { deposit: 'success' }],
    ['request', { deposit: 'request' }],
    ['concurrency', { deposit: 'concurrency' }],
  ])('a slot that was taken before the backoff is held through it: %s', async (_, options) => {
    const { budget, clock, ends, leaving } = await thousandFailures(options);
    expect(budget.balance).toBeLessThan(1);
    clock.advance(99);
    await turn();
    expect(budget.take()).toBeUndefined();
    leaving.abort();
    await ends;
  });

  test.each<[string, RetryBudgetOptions, number]>([
    ['success', { deposit: 'success' }, 10],
    ['request', { deposit: 'request' }, 300],
    ['concurrency', { deposit: 'concurrency' }, 3],
  ])('an abort returns every slot that slept: %s', async (_, options, balance) => {
    const { budget, ends, leaving } = await thousandFailures(options);
    leaving.abort();
    await ends;
    expect(budget.balance).toBe(balance);
  });

  test('the budget never holds back a first attempt', async () => {
    const budget = createRetryBudget({ ratio: 0, reserve: 0 });
    budget.take();
    const { retrier } = hasty({ budget });
    expect(budget.balance).toBe(0);
    expect(await retrier.run(() => 'sent')).toBe('sent');
    expect(await reasonOf(retrier.run(alwaysFails))).toBe(outage);
    expect(await retrier.run(() => 'sent again')).toBe('sent again');
  });

  test('a total outage of 1000 calls makes 1000 + reserve attempts, not 4000', async () => {
    const { retrier } = hasty({ budget: createRetryBudget({ reserve: 10 }), maxAttempts: 4 });
    const work = failing(...Array.from({ length: 4_000 }, () => outage));
    for (let call = 0; call < 1_000; call += 1) await reasonOf(retrier.run(work));
    expect(work.calls).toBe(1_010);
  });

  test('across five layers it adds up to the reserves, where naive retries make 243', async () => {
    const layers = async (reserve: number) => {
      let calls = 0;
      const clock = createHastyClock();
      const leaf = async () => {
        calls += 1;
        throw outage;
      };
      let work: () => Promise<unknown> = leaf;
      for (let layer = 0; layer < 5; layer += 1) {
        const budget = createRetryBudget({ reserve });
        const options = { clock, budget, maxAttempts: 3, nested: 'independent' } as const;
        const retrier = createRetrier(options);
        const inner = work;
        work = () => retrier.run(inner);
      }
      for (let call = 0; call < 100; call += 1) await reasonOf(work());
      return calls;
    };
    expect(await layers(1_000_000)).toBe(24_300);
    expect(await layers(2)).toBe(100 + 5 * 2);
  });

  test('a fleet of any size keeps the ratio: each answers for its own successes', async () => {
    let attempts = 0;
    const fleet = Array.from({ length: 20 }, () => {
      return hasty({ budget: createRetryBudget({ ratio: 0.1, reserve: 1 }) }).retrier;
    });
    for (let call = 0; call < 200; call += 1) {
      for (const retrier of fleet) {
        // Every second answer is an error.
        const flaky = () => {
          attempts += 1;
          if (attempts % 2 === 0) throw outage;
        };
        await retrier.run(flaky).catch(() => {});
      }
    }
    expect(attempts).toBeGreaterThan(4_000);
    expect(attempts).toBeLessThanOrEqual(4_000 * 1.1 + 20);
  });

  test('retriers that share a budget share its retries', async () => {
    const budget = createRetryBudget({ reserve: 3 });
    const one = hasty({ budget }).retrier;
    const other = hasty({ budget }).retrier;
    const work = failing(...Array.from({ length: 20 }, () => outage));
    await reasonOf(one.run(work, { maxAttempts: 3 }));
    await reasonOf(other.run(work));
    expect(work.calls).toBe(2 + 3);
  });
});

describe('a slot', () => {
  test('goes its way once: what is done twice, or out of turn, counts once', () => {
    const budget = createRetryBudget({ deposit: 'concurrency', minConcurrent: 2 });
    const slot = budget.take();
    slot?.end(true);
    expect(budget.balance).toBe(1);
    slot?.giveBack();
    slot?.giveBack();
    slot?.begin();
    slot?.end(true);
    expect(budget.balance).toBe(2);
  });

  test('that has begun is not given back', () => {
    const budget = createRetryBudget({ reserve: 2 });
    const slot = budget.take();
    slot?.begin();
    slot?.giveBack();
    expect(budget.balance).toBe(1);
  });

  test('that left the window before it was given back gives nothing back', async () => {
    const { clock } = manual();
    const options = { deposit: 'request', windowMs: 1_000, minRetriesPerSecond: 2 } as const;
    const budget = createRetryBudget({ ...options, clock });
    const slot = budget.take();
    clock.advance(1_000);
    slot?.giveBack();
    expect(budget.balance).toBe(2);
  });
});
