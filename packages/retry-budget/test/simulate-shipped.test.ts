import { describe, expect, test } from 'vitest';
import { fullJitter } from '../src/index.js';
import { type Policy, policies } from '../src/simulate.js';
import { between, brief } from './simulate-fixtures.js';

/** What is simulated is what is shipped: so what those parts promise holds of a simulation. */
describe('2. Success-deposit is the default: the simulator runs the shipped parts', () => {
  test('a backoff is asked as a retrier asks it, and waited for', async () => {
    const asked: (readonly [n: number, previousMs: number])[] = [];
    const policy: Policy = {
      maxAttempts: 4,
      budget: policies.naive.budget,
      backoff(n, random, previousMs) {
        asked.push([n, previousMs]);
        expect(random()).toBeLessThan(1);
        return 100 * (n + 1);
      },
    };
    const fault = { fromMs: 0, toMs: 60_000, capacityPerSecond: 0 };
    const times = { clientTimeoutMs: 500, intervalMs: 100 };
    const { series } = await brief({ policy, fault, ...times, demandPerSecond: 0.05, seed: 2 });
    expect(asked.slice(0, 3)).toEqual([
      [0, 0],
      [1, 100],
      [2, 200],
    ]);
    // The first call that is alone: 500 ms of waiting and a backoff lie between two attempts.
    const sentAtMs = series.flatMap(({ attempts, fromMs }) => (attempts === 1 ? [fromMs] : []));
    const first = sentAtMs[0] ?? Number.NaN;
    expect(sentAtMs.slice(0, 4)).toEqual([first, first + 600, first + 1_300, first + 2_100]);
  });

  test.each([0, 0.05, 0.1, 0.5])('retries ≤ reserve + %d × successes', async (ratio) => {
    for (const reserve of [1, 4, 25]) {
      const policy = { budget: { ratio, reserve } };
      const simulation = await brief({ policy, clients: 3, seed: reserve });
      const { calls, attempts } = between(simulation, 0, 20_000);
      const succeeded = simulation.series.reduce((sum, one) => sum + one.goodputPerSecond, 0);
      expect(attempts - calls).toBeGreaterThan(0);
      expect(attempts - calls).toBeLessThanOrEqual(3 * reserve + ratio * succeeded);
    }
  });

  test("'request': retries ≤ its reserve + ratio × calls in every window", async () => {
    const budget = { deposit: 'request', ratio: 0.2, minRetriesPerSecond: 0 } as const;
    const simulation = await brief({ policy: { budget, maxAttempts: 10 } });
    const { calls, attempts } = between(simulation, 0, 10_000);
    expect(attempts - calls).toBeGreaterThan(0.15 * calls);
    expect(attempts - calls).toBeLessThanOrEqual(0.2 * calls);
  });

  test("'concurrency': never more retries at once than it allows", async () => {
    const budget = { deposit: 'concurrency', ratio: 0, minConcurrent: 7 } as const;
    const fault = { fromMs: 2_000, toMs: 12_000, capacityPerSecond: 0 };
    const backoff = fullJitter({ baseMs: 0, maxMs: 0 });
    const simulation = await brief({ policy: { budget, backoff }, fault });
    // Each holds its place for as long as a client waits, which is a second.
    for (const { calls, attempts } of simulation.series.slice(4, 12)) {
      expect(attempts - calls).toBeLessThanOrEqual(14);
    }
    const { calls, attempts } = between(simulation, 4_000, 12_000);
    expect(attempts - calls).toBeGreaterThan(6 * 8);
    expect(attempts - calls).toBeLessThanOrEqual(7 * 9);
  });

  test('a throttled answer costs less of the budget', async () => {
    const fault = { fromMs: 2_000, toMs: 12_000, capacityPerSecond: 0 };
    const retries = async (throttledCost: number) => {
      const policy = { throttledCost, budget: { reserve: 20, ratio: 0 } };
      const { calls, attempts } = between(await brief({ policy, fault, maxQueue: 0 }), 0, 12_000);
      return attempts - calls;
    };
    // Some meet a time-out, which costs 1 in either case.
    expect(await retries(1)).toBeLessThanOrEqual(20);
    expect(await retries(0.1)).toBeGreaterThan(60);
  });
});
