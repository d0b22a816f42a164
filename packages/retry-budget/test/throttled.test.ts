import { describe, expect, test } from 'vitest';
import { type Classify, createRetryBudget, type RetryBudgetOptions } from '../src/index.js';
import { failing, hasty, manual, reasonOf, turn } from './run-fixtures.js';

const throttled: Classify = () => ({ kind: 'throttled' });
const endless = failing(...Array(2_000).fill('busy'));

describe('9. A throttled answer costs less, and options are checked at construction', () => {
  test('a retry after it costs 5/14 of one: fourteen for the price of five, exactly', async () => {
    const budget = createRetryBudget({ ratio: 0, reserve: 5 });
    const { retrier } = hasty({ budget, classify: throttled, maxAttempts: 2 });
    for (let call = 1; call <= 14; call += 1) {
      await reasonOf(retrier.run(endless));
      expect(budget.balance).toBe((5 * 14 - 5 * call) / 14);
    }
    const before = endless.calls;
    await reasonOf(retrier.run(endless));
    expect(endless.calls).toBe(before + 1);
  });

  test('with and without a hint it is charged once: not as a transient one on top, nor again while the gate is closed', async () => {
    const hints = [{ retryAfterMs: 500 }, {}, { retryAfterMs: 2_000 }];
    for (const hint of hints) {
      const classify: Classify = () => ({ kind: 'throttled', ...hint });
      const { clock, retrier } = manual({ classify, backoff: () => 10, throttledCost: 0.5 });
      const running = retrier.run(failing('busy'));
      await turn();
      expect(retrier.budget.balance).toBe(9.5);
      retrier.gate.close(3_000);
      for (let left = 0; left < 400; left += 1) {
        clock.advance(10);
        await turn();
      }
      expect(await running).toBe('done');
      expect(retrier.budget.balance).toBe(9.6);
    }
  });

  test('a transient failure with a hint costs a whole retry', async () => {
    const classify: Classify = () => ({ kind: 'transient', retryAfterMs: 100 });
    const { retrier } = hasty({ classify, maxAttempts: 2 });
    await reasonOf(retrier.run(failing('a', 'b')));
    expect(retrier.budget.balance).toBe(9);
  });

  test('each retry of a run is charged by the failure before it', async () => {
    const classify: Classify = (error) => (error === 'busy' ? { kind: 'throttled' } : 'retry');
    const { retrier } = hasty({ classify, throttledCost: 0.25 });
    await reasonOf(retrier.run(failing('busy', 'out', 'busy', 'out')));
    expect(retrier.budget.balance).toBe(10 - 0.25 - 1 - 0.25);
  });

  test.each<[string, RetryBudgetOptions, number]>([
    ['success', { deposit: 'success', reserve: 1 }, 4],
    ['request', { deposit: 'request', ratio: 0, windowMs: 1_000, minRetriesPerSecond: 1 }, 4],
    ['concurrency', { deposit: 'concurrency', ratio: 0, minConcurrent: 1 }, 4],
  ])(
    "of one retry a '%s' budget lets four throttled ones sleep at a quarter",
    async (_, options, most) => {
      const budget = createRetryBudget(options);
      const settings = { budget, classify: throttled, throttledCost: 0.25, backoff: () => 100 };
      const { clock, retrier } = manual({ ...settings, maxAttempts: 2 });
      const running = Array.from({ length: 10 }, () => reasonOf(retrier.run(endless)));
      await turn();
      expect(clock.pending).toBe(most);
      clock.advance(100);
      await Promise.all(running);
    },
  );

  test('the cost may be a whole retry, and is 5 / 14 where nothing is said', async () => {
    const costs: number[] = [];
    for (const throttledCost of [1, 0.001, undefined]) {
      const { retrier } = hasty({ classify: throttled, throttledCost, maxAttempts: 2 });
      await reasonOf(retrier.run(failing('busy', 'busy')));
      costs.push(10 - retrier.budget.balance);
    }
    expect(costs[0]).toBe(1);
    expect(costs[1]).toBeCloseTo(0.001, 12);
    expect(costs[2]).toBeCloseTo(5 / 14, 12);
  });
});
