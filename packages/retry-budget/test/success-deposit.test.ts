import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRetrier, createRetryBudget } from '../src/index.js';
import { failing, hasty, reasonOf } from './run-fixtures.js';

const outage = new Error('out');
const endless = (errors: number) => failing(...Array.from({ length: errors }, () => outage));

/** Takes all the retries that there are. */
function drain(budget: ReturnType<typeof createRetryBudget>): number {
  let taken = 0;
  for (let slot = budget.take(); slot !== undefined; slot = budget.take()) {
    slot.begin();
    slot.end(false);
    taken += 1;
  }
  return taken;
}

describe('2. Success-deposit is the default, and its ratios are exact', () => {
  test('a budget that nothing is said of is paid for by successes, a tenth each, up to ten', () => {
    const budget = createRetryBudget();
    expect(budget.deposit).toBe('success');
    expect(budget.balance).toBe(10);
    expect(drain(budget)).toBe(10);
    budget.end(true);
    expect(budget.balance).toBe(0.1);
    for (let i = 0; i < 1_000; i += 1) budget.end(true);
    expect(budget.balance).toBe(10);
  });

  test('so has a retrier that nothing is said to', () => {
    expect(createRetrier().budget.deposit).toBe('success');
    expect(createRetrier().budget.balance).toBe(10);
  });

  test('a total outage dries it up, and the reserve still covers a short burst', async () => {
    const { retrier } = hasty({ budget: createRetryBudget({ reserve: 5 }) });
    const burst = failing(outage, outage);
    expect(await retrier.run(burst)).toBe('done');
    const calls = endless(1_000);
    for (let call = 0; call < 200; call += 1) await reasonOf(retrier.run(calls));
    // Of five, two are gone with the burst, whose success has paid a tenth.
    expect(calls.calls).toBe(200 + 3);
    expect(retrier.budget.balance).toBe(0.1);
  });

  test('after an outage retries come back with the successes', async () => {
    const budget = createRetryBudget({ ratio: 0.1, reserve: 5 });
    const { retrier } = hasty({ budget });
    drain(budget);
    for (let call = 0; call < 9; call += 1) await retrier.run(() => 'ok');
    expect(await reasonOf(retrier.run(failing(outage)))).toBe(outage);
    await retrier.run(() => 'ok');
    expect(await retrier.run(failing(outage))).toBe('done');
  });

  test('failures pay nothing, and a retry that succeeds pays as any success', async () => {
    const budget = createRetryBudget({ ratio: 0.5, reserve: 4 });
    const { retrier } = hasty({ budget, maxAttempts: 2 });
    await reasonOf(retrier.run(failing(outage, outage)));
    expect(budget.balance).toBe(3);
    await retrier.run(failing(outage));
    expect(budget.balance).toBe(2.5);
  });

  test('a balance starts at and is capped by max(1, reserve)', () => {
    expect(createRetryBudget({ reserve: 0 }).balance).toBe(1);
    expect(createRetryBudget({ reserve: 0.25 }).balance).toBe(1);
    expect(createRetryBudget({ reserve: 2.5 }).balance).toBe(2.5);
    const budget = createRetryBudget({ reserve: 0, ratio: 0.7 });
    for (let i = 0; i < 5; i += 1) budget.end(true);
    expect(budget.balance).toBe(1);
  });

  // The ratios of Finagle's RetryBudgetTest, which allows an error of 1: here it is none.
  test.each([0.1, 0.5, 0.25, 0.75, 0.99, 0.999, 0.9999, 0.01, 0.001, 0.0001])(
    'a ratio of %d is exact over 10 000 deposits',
    (ratio) => {
      const budget = createRetryBudget({ ratio, reserve: 10 });
      drain(budget);
      let retried = 0;
      for (let deposits = 1; deposits <= 10_000; deposits += 1) {
        budget.end(true);
        retried += drain(budget);
        expect(retried).toBe(Math.floor(Math.round(deposits * ratio * 10_000) / 10_000));
      }
      expect(budget.balance).toBe(0);
    },
  );

  test('any ratio of four decimals is exact over 10 000 deposits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (tenThousandths) => {
        const ratio = Number((tenThousandths / 10_000).toFixed(4));
        const budget = createRetryBudget({ ratio, reserve: 10_000 });
        drain(budget);
        for (let deposits = 0; deposits < 10_000; deposits += 1) budget.end(true);
        expect(budget.balance).toBe(tenThousandths);
      }),
      { numRuns: 30 },
    );
  });

  test.each<[number, number]>([
    [1 / 3, 3],
    [5 / 14, 14],
    [2 / 7, 7],
    [0.1 / 3, 30],
    [1e-6, 1_000_000],
  ])('a ratio of %d comes out even after %d successes', (ratio, successes) => {
    const budget = createRetryBudget({ ratio });
    drain(budget);
    for (let i = 0; i < successes; i += 1) budget.end(true);
    expect(budget.balance).toBe(Math.round(ratio * successes));
  });

  test('costs and ratios of different parts are counted exactly together', () => {
    const budget = createRetryBudget({ ratio: 1 / 3, reserve: 5 });
    const costs = [5 / 14, 0.3, 1, 1 / 11];
    const slots = costs.map((cost) => budget.take(cost));
    expect(budget.balance).toBe((5 * 2310 - 825 - 693 - 2310 - 210) / 2310);
    for (const slot of slots) slot?.giveBack();
    expect(budget.balance).toBe(5);
  });

  test('what cannot be counted exactly is refused: at construction, or at the first cost', () => {
    const ratio = Math.PI / 1e6;
    expect(() => createRetryBudget({ ratio, reserve: 1_000_000 })).toThrow(
      `createRetryBudget: ratio ${ratio} cannot be counted exactly beside the others`,
    );
    const budget = createRetryBudget({ ratio: Math.PI / 10, reserve: 1_000 });
    const throttledCost = Math.E / 10;
    expect(() => createRetrier({ budget, throttledCost })).toThrow(
      `createRetrier: throttledCost ${throttledCost} cannot be counted exactly by this budget`,
    );
    expect(() => budget.take(throttledCost)).toThrow(RangeError);
    expect(budget.balance).toBe(1_000);
    expect(createRetrier({ budget }).budget).toBe(budget);
  });
});
