import { describe, expect, test } from 'vitest';
import { createRetrierPool, createRetryBudget } from '../src/index.js';
import { type Policy, policies } from '../src/simulate.js';
import { between, brief } from './simulate-fixtures.js';

const published = ['finagle', 'envoy', 'grpc', 'aws'] as const;

/** The waits before the first retries at either end of chance. */
function spread({ backoff }: Policy, retries: number): (readonly [number, number])[] {
  const waits = (draw: number) => {
    let previousMs = 0;
    return Array.from({ length: retries }, (_, n) => {
      previousMs = backoff?.(n, () => draw, previousMs) ?? Number.NaN;
      return Math.round(previousMs * 1e6) / 1e6;
    });
  };
  const [least, most] = [waits(0), waits(1)];
  return least.map((ms, i) => [ms, most[i] as number]);
}

describe('the policies', () => {
  test('are options of a retrier, all of them', () => {
    for (const { budget, maxAttempts, backoff } of Object.values<Policy>(policies)) {
      const pool = createRetrierPool({ options: { budget, maxAttempts, backoff } });
      expect(pool.get('a').budget.balance).toBeGreaterThan(0);
    }
  });

  test('none and naive are what they say, and ours are as they come', async () => {
    expect(policies.none).toEqual({ maxAttempts: 1 });
    expect(policies.success).toEqual({ budget: { deposit: 'success' } });
    expect(policies.request).toEqual({ budget: { deposit: 'request' } });
    expect(policies.concurrency).toEqual({ budget: { deposit: 'concurrency' } });
    const fault = { fromMs: 0, toMs: 8_000, capacityPerSecond: 0 };
    const { amplification } = await brief({ policy: policies.naive, fault, watchMs: 1_000 });
    // But for those that the server is back for, nobody is held back from any of four attempts.
    expect(amplification).toBeGreaterThan(3.7);
  });

  test('of published systems say where they are from and what is different', () => {
    for (const name of published) {
      expect(policies[name].source.length).toBeGreaterThan(20);
      expect(policies[name].deviations.length).toBeGreaterThan(0);
    }
  });
});

/** Each figure is from the source that the policy names. */
describe("2. Success-deposit is the default: the published systems' figures", () => {
  test.each([
    // RetryBudget.apply(): (10 retries a second) × 10 s, and 20 % of the requests.
    ['finagle', 21, 100, 100.2, 100.2],
    // num_retries 1; min_retry_concurrency 3 until 20 % of the active ones are more.
    ['envoy', 2, 3, 3, 3],
    // Half of maxTokens 10 may be used, and a success pays tokenRatio 0.1.
    ['grpc', 4, 5, 5, 4.1],
    // 500 tokens of which a retry takes 14; a success pays 1.
    ['aws', 3, 500 / 14, 500 / 14, 500 / 14 - 13 / 14],
  ] as const)('%s: %d attempts, of %d retries', (name, attempts, full, begun, after) => {
    const { budget: options, maxAttempts } = policies[name];
    expect(maxAttempts).toBe(attempts);
    const budget = createRetryBudget(options);
    expect(budget.balance).toBeCloseTo(full, 12);
    budget.begin();
    expect(budget.balance).toBeCloseTo(begun, 12);
    if (options?.deposit === 'success') {
      budget.take()?.begin();
      budget.end(true);
    }
    expect(budget.balance).toBeCloseTo(after, 12);
  });

  test.each([
    ['finagle', [0, 0, 0], [0, 0, 0]],
    ['envoy', [0], [25]],
    ['grpc', [80, 160, 320], [120, 240, 480]],
    ['aws', [0, 0], [50, 100]],
  ] as const)('%s: waits from %o to %o ms', (name, least, most) => {
    const expected = least.map((ms, i) => [ms, most[i]]);
    expect(spread(policies[name], least.length)).toEqual(expected);
  });

  test('the longest waits', () => {
    expect(spread(policies.grpc, 9).at(-1)).toEqual([800, 1_200]);
    expect(spread(policies.aws, 12).at(-1)).toEqual([0, 20_000]);
    expect(spread(policies.envoy, 9).at(-1)).toEqual([0, 250]);
  });

  test('of a total outage each makes its reserve of retries, or its share', async () => {
    const fault = { fromMs: 2_000, toMs: 22_000, capacityPerSecond: 0 };
    const retries = async (policy: Policy) => {
      const simulation = await brief({ policy, fault, watchMs: 1_000 });
      const { calls, attempts } = between(simulation, 0, 22_000);
      return attempts - calls;
    };
    expect(await retries(policies.none)).toBe(0);
    // The few successes before it pay for one or two.
    expect(await retries(policies.grpc)).toBeGreaterThanOrEqual(5);
    expect(await retries(policies.grpc)).toBeLessThanOrEqual(5 + 10);
    expect(await retries(policies.aws)).toBeGreaterThanOrEqual(35);
    expect(await retries(policies.aws)).toBeLessThanOrEqual(36 + 8);
    // Ten a second, and a fifth of the 45 that call.
    const share = await retries(policies.finagle);
    expect(share).toBeGreaterThan(20 * 15);
    expect(share).toBeLessThan(20 * 24);
    expect(await retries(policies.envoy)).toBeGreaterThan(20 * 5);
  });
});
