import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import { createRetryBudget, type RetryBudget } from '../src/index.js';

/** Requests that each ask for one retry: how many get it. */
function retriesOf(budget: RetryBudget, requests: number): number {
  let retried = 0;
  for (let request = 0; request < requests; request += 1) {
    budget.begin();
    const slot = budget.take();
    if (slot !== undefined) retried += 1;
    slot?.begin();
    slot?.end(false);
    budget.end(false);
  }
  return retried;
}

function window(ratio: number, windowMs = 60_000, minRetriesPerSecond = 0) {
  const clock = createManualClock();
  const options = { deposit: 'request', ratio, windowMs, minRetriesPerSecond, clock } as const;
  return { clock, budget: createRetryBudget(options) };
}

/**
 * Finagle: finagle-core/src/test/scala/com/twitter/finagle/service/RetryBudgetTest.scala, whose
 * expectations hold to ±1 there ("ScaleFactor doesn't give us perfect precision"); here exactly.
 */
describe("1. Amplification is capped: Finagle's RetryBudget, as 'request'", () => {
  test.each([
    [0.1, 1_000],
    [0.5, 5_000],
    [0.25, 2_500],
    [0.75, 7_500],
    [0.99, 9_900],
    [0.999, 9_990],
    [0.9999, 9_999],
    [0.01, 100],
    [0.001, 10],
    [0.0001, 1],
  ])('minRetriesPerSec=0, percentCanRetry=%d: %d of 10 000 requests', (ratio, expected) => {
    const { budget } = window(ratio);
    expect(budget.take()).toBeUndefined();
    expect(retriesOf(budget, 10_000)).toBe(expected);
  });

  test('percentCanRetry=2.0: 20 000 after 10 000 requests', () => {
    const { budget } = window(2);
    for (let i = 0; i < 10_000; i += 1) budget.begin();
    expect(budget.balance).toBe(20_000);
  });

  test.each([
    [1_000, 10, 0, 10],
    [2_000, 5, 0, 10],
    [1_000, 10, 0.1, 1_010],
    [2_000, 5, 0.5, 5_010],
  ])('ttl=%d ms, minRetriesPerSec=%d, percentCanRetry=%d: %d of 10 000', (ttl, least, ratio, n) => {
    const { budget } = window(ratio, ttl, least);
    expect(budget.balance).toBe(10);
    expect(retriesOf(budget, 10_000)).toBe(n);
  });

  test('both at 0 is empty, and stays so', () => {
    const { budget } = window(0);
    expect(retriesOf(budget, 100)).toBe(0);
  });

  // RetryBudget.apply(): ttl 10 s, 10 retries a second, 20 %.
  test('its defaults are ours', () => {
    const budget = createRetryBudget({ deposit: 'request' });
    expect(budget.balance).toBe(100);
    budget.begin();
    expect(budget.balance).toBe(100.2);
  });

  // WindowedAdderTest, "maintains a sliding window": an entry is there for all slices but one and
  // what is left of its own; TokenBucket.newLeakyBucket has ten. And "maintains negative sums".
  test('a deposit is forgotten after ttl, a tenth of it at a time', () => {
    const { clock, budget } = window(1, 10_000);
    budget.begin();
    clock.advance(9_999);
    expect(budget.balance).toBe(1);
    clock.advance(1);
    expect(budget.balance).toBe(0);
    // In the slice from 11 000 to 12 000, whose end is forgotten with its beginning.
    clock.advance(1_500);
    budget.begin();
    clock.advance(9_499);
    expect(budget.balance).toBe(1);
    clock.advance(1);
    expect(budget.balance).toBe(0);
  });

  test('a withdrawal is forgotten after ttl as well, and outlives the deposit that it used', () => {
    const { clock, budget } = window(1, 10_000);
    budget.begin();
    clock.advance(5_000);
    expect(budget.take()).toBeDefined();
    clock.advance(5_000);
    // The deposit has left the window, the withdrawal has not: another deposit only evens it out.
    budget.begin();
    expect(budget.take()).toBeUndefined();
    clock.advance(5_000);
    expect(budget.take()).toBeDefined();
  });
});

/**
 * Envoy: RetryBudgetImpl::maxWithAdditionalActive in resource_manager_impl.h, ConcurrencyBudget in
 * source/extensions/retry/admission_control: max(budget_percent × active, min_retry_concurrency),
 * cut to a whole number; with no budget_percent 20, with no min_retry_concurrency 3.
 */
describe("1. Amplification is capped: Envoy's retry budget, as 'concurrency'", () => {
  test.each([
    [20, 3, 0, 3],
    [20, 3, 10, 3],
    [20, 3, 23, 5],
    [20, 3, 24, 6],
    [20, 3, 100, 25],
    [20, 5, 0, 5],
    [20, 0, 3, 0],
    [20, 0, 4, 1],
    [0, 0, 1_000, 0],
    [0, 3, 1_000, 3],
    [100, 0, 1, 'all'],
    // Each retry is active itself, so of 24 the sixth is a fifth of thirty.
  ])(
    'budget_percent=%d, min_retry_concurrency=%d, %d active: %s retries',
    (percent, least, active, expected) => {
      const options = {
        deposit: 'concurrency',
        ratio: percent / 100,
        minConcurrent: least,
      } as const;
      const budget = createRetryBudget(options);
      for (let i = 0; i < active; i += 1) budget.begin();
      let retries = 0;
      while (retries < 500 && budget.take() !== undefined) retries += 1;
      expect(retries).toBe(expected === 'all' ? 500 : expected);
    },
  );

  // router/retry_state_impl_test.cc, BudgetAvailableRetries and BudgetNoAvailableRetries.
  test('a retry is let go with nothing active at 20 % and 3, and none at 0 % and 0', () => {
    const some = createRetryBudget({ deposit: 'concurrency', ratio: 0.2, minConcurrent: 3 });
    const none = createRetryBudget({ deposit: 'concurrency', ratio: 0, minConcurrent: 0 });
    expect(some.take()).toBeDefined();
    expect(none.take()).toBeUndefined();
  });
});

type AwsStep = 500 | 'throttled' | 'success' | 'success of a retry' | 'refused';

/** The AWS SDKs' retry quota: 500 tokens, 14 a retry, 5 after throttling, 1 back per success. */
function awsBudget(tokens = 500): RetryBudget {
  return createRetryBudget({ reserve: tokens / 14, ratio: 1 / 14 });
}

function quotaAfter(budget: RetryBudget, step: AwsStep): number {
  if (step === 'success' || step === 'success of a retry') budget.end(true);
  else {
    const slot = budget.take(step === 'throttled' ? 5 / 14 : 1);
    expect(slot !== undefined).toBe(step !== 'refused');
    slot?.begin();
  }
  return Math.round(budget.balance * 14 * 1e6) / 1e6;
}

/**
 * AWS: "Retry Behavior 2.1", Appendix A, "Standard Mode" test cases, as smithy-kotlin has them in
 * NewStandardRetryIntegrationTestCases. Where ours differs, theirs is written beside it.
 */
describe("9. A throttled answer costs less: AWS's standard retry quota, as 'success'", () => {
  test.each<[string, number, [AwsStep, ours: number, theirs?: number][]]>([
    [
      'Retry eventually succeeds',
      500,
      [
        [500, 486],
        [500, 472],
        ['success of a retry', 473, 486],
      ],
    ],
    [
      'Fail due to max attempts reached',
      500,
      [
        [500, 486],
        [500, 472],
      ],
    ],
    [
      'Retry Quota reached after a single retry',
      14,
      [
        [500, 0],
        ['refused', 0],
      ],
    ],
    [
      'Retry stops after retry quota exhaustion',
      20,
      [
        [500, 6],
        ['refused', 6],
      ],
    ],
    [
      'Verifying exponential backoff timing',
      500,
      [
        [500, 486],
        [500, 472],
        [500, 458],
        [500, 444],
      ],
    ],
    [
      'Throttling error token bucket drain',
      500,
      [
        ['throttled', 495],
        ['success of a retry', 496, 500],
      ],
    ],
    [
      'Retry quota recovery after successful responses',
      30,
      // Two are left where theirs has 16 again after the first success: the next retry is refused.
      [
        [500, 16],
        [500, 2],
        ['success of a retry', 3, 16],
        ['refused', 3, 2],
        ['success', 4, 16],
      ],
    ],
  ])('%s', (_, tokens, steps) => {
    const budget = awsBudget(tokens);
    for (const [step, ours] of steps) expect(quotaAfter(budget, step)).toBe(ours);
  });

  test('deviation: a retry that succeeds pays as any success, and does not get its price back', () => {
    // So that over any stretch retries stay within reserve + ratio × successes.
    const budget = awsBudget(14);
    expect(quotaAfter(budget, 500)).toBe(0);
    expect(quotaAfter(budget, 'success of a retry')).toBe(1);
    expect(quotaAfter(budget, 'refused')).toBe(1);
  });

  test('deviation: "No retries at all if retry quota is 0": one is always there to begin with', () => {
    const budget = awsBudget(0);
    expect(quotaAfter(budget, 500)).toBe(0);
    expect(quotaAfter(budget, 'refused')).toBe(0);
  });
});

/**
 * gRPC A6, "Throttling Retry Attempts and Hedged RPCs": { maxTokens: 10, tokenRatio: 0.1 }. There
 * each failure takes a token, retried or not, and below the half of maxTokens nothing is retried;
 * here a retry takes one, and the last one may be taken. Its five usable tokens are our reserve.
 */
describe("2. Success-deposit is the default: gRPC A6's throttling, as 'success'", () => {
  test('of a total outage five retries get through, as many as there', () => {
    let tokens = 10;
    let theirs = 0;
    // Their count, by the definition: a failure, then a retry while more than half is left.
    for (let failures = 0; failures < 100; failures += 1) {
      tokens = Math.max(0, tokens - 1);
      if (tokens > 5) theirs += 1;
    }
    const budget = createRetryBudget({ ratio: 0.1, reserve: 5 });
    // Deviation: the failure itself has cost them one before they look.
    expect(retriesOf(budget, 100)).toBe(theirs + 1);
  });

  test('ten successes buy one retry, and the bucket never holds more than it began with', () => {
    const budget = createRetryBudget({ ratio: 0.1, reserve: 5 });
    retriesOf(budget, 10);
    for (let i = 0; i < 9; i += 1) budget.end(true);
    expect(budget.take()).toBeUndefined();
    budget.end(true);
    expect(budget.take()).toBeDefined();
    for (let i = 0; i < 1_000; i += 1) budget.end(true);
    expect(budget.balance).toBe(4);
  });
});
