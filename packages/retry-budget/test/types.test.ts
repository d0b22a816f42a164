import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  createRetrier,
  createRetryBudget,
  type RetrierOptions,
  type RetryAttempt,
  type RetryBudgetOptions,
  type RetryInfo,
  retryInfo,
} from '../src/index.js';

describe('the types', () => {
  test('a run gives what its function gives, promised or not', async () => {
    const retrier = createRetrier();
    expectTypeOf(retrier.run(() => 5)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(retrier.run(async () => 'five')).toEqualTypeOf<Promise<string>>();
    expect(await retrier.run(async ({ attempt }) => attempt)).toBe(1);
  });

  test('an attempt is told its number, its signal and what is left', () => {
    expectTypeOf<RetryAttempt>().toEqualTypeOf<{
      readonly attempt: number;
      readonly signal: AbortSignal;
      readonly remainingMs: number;
    }>();
  });

  test('a budget has the options of its deposit, and no others', () => {
    expectTypeOf({ ratio: 0.1, reserve: 10 }).toExtend<RetryBudgetOptions>();
    expectTypeOf({ deposit: 'request', windowMs: 10_000 } as const).toExtend<RetryBudgetOptions>();
    // @ts-expect-error: a reserve is of 'success' alone.
    createRetryBudget({ deposit: 'request', reserve: 10 });
    // @ts-expect-error: a window is of 'request' alone.
    createRetryBudget({ deposit: 'concurrency', windowMs: 10_000 });
    expect(createRetryBudget().deposit).toBe('success');
  });

  test('every option of a retrier may be undefined', () => {
    expectTypeOf<{ [K in keyof RetrierOptions]: undefined }>().toExtend<RetrierOptions>();
    expectTypeOf(retryInfo('x')).toEqualTypeOf<RetryInfo | undefined>();
    expect(retryInfo('x')).toBeUndefined();
  });
});
