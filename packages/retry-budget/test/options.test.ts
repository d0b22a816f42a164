import { describe, expect, test } from 'vitest';
import {
  createRetrier,
  createRetrierPool,
  createRetryBudget,
  type RetrierOptions,
  type RunOptions,
} from '../src/index.js';
import { failing, hasty, reasonOf } from './run-fixtures.js';

type Case = [what: string, options: unknown, error: string];

/** The same message, with the function in its place. */
function by(fn: string, error: string): string {
  return error.replace('Error: ', `Error: ${fn}: `);
}

function thrownBy(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}

const upToThousand = 'must be a number from 0 to 1000, got';

const badBudgets: Case[] = [
  ['no options', null, 'TypeError: options must be an object, got null'],
  [
    'an unknown deposit',
    { deposit: 'failure' },
    'RangeError: deposit must be "success", "request" or "concurrency", got "failure"',
  ],
  ['a negative ratio', { ratio: -0.1 }, `RangeError: ratio ${upToThousand} -0.1`],
  ['a ratio above 1 000', { ratio: 1_001 }, `RangeError: ratio ${upToThousand} 1001`],
  ['a ratio that is no number', { ratio: Number.NaN }, `RangeError: ratio ${upToThousand} NaN`],
  ['a ratio in text', { ratio: '0.1' }, `TypeError: ratio ${upToThousand} "0.1"`],
  [
    'a negative reserve',
    { reserve: -1 },
    'RangeError: reserve must be a number from 0 to 1000000, got -1',
  ],
  [
    'a window of less than a second',
    { deposit: 'request', windowMs: 999 },
    'RangeError: windowMs must be an integer from 1000 to 60000, got 999',
  ],
  [
    'a window of more than a minute',
    { deposit: 'request', windowMs: 60_001 },
    'RangeError: windowMs must be an integer from 1000 to 60000, got 60001',
  ],
  [
    'half a retry per second',
    { deposit: 'request', minRetriesPerSecond: 0.5 },
    'RangeError: minRetriesPerSecond must be an integer from 0 to 10000, got 0.5',
  ],
  [
    'half a retry at once',
    { deposit: 'concurrency', minConcurrent: 0.5 },
    'RangeError: minConcurrent must be an integer from 0 to 1000000, got 0.5',
  ],
];

const atLeast1 = 'must be a number of at least 1, got';

const badRetriers: Case[] = [
  ['no options', null, 'TypeError: options must be an object, got null'],
  ['an empty name', { name: '' }, 'RangeError: name must have 1 to 1024 characters, got ""'],
  [
    'a budget that is a number',
    { budget: 10 },
    'TypeError: budget must be that of createRetryBudget, got 10',
  ],
  [
    'no attempt',
    { maxAttempts: 0 },
    'RangeError: maxAttempts must be an integer from 1 to 1000, got 0',
  ],
  [
    'endless attempts',
    { maxAttempts: Infinity },
    'RangeError: maxAttempts must be an integer from 1 to 1000, got Infinity',
  ],
  ['a backoff of numbers', { backoff: 50 }, 'TypeError: backoff must be a function, got 50'],
  ['a deadline of 0', { deadlineMs: 0 }, `RangeError: deadlineMs ${atLeast1} 0`],
  [
    'a deadline that is no number',
    { deadlineMs: Number.NaN },
    `RangeError: deadlineMs ${atLeast1} NaN`,
  ],
  ['a time-out in text', { attemptTimeoutMs: '5' }, `TypeError: attemptTimeoutMs ${atLeast1} "5"`],
  [
    'a negative least',
    { minAttemptMs: -1 },
    'RangeError: minAttemptMs must be a finite number of at least 0, got -1',
  ],
  [
    'a least above the deadline',
    { minAttemptMs: 101, deadlineMs: 100 },
    'RangeError: minAttemptMs must be a number from 0 to 100, got 101',
  ],
  [
    'throttled retries for nothing',
    { throttledCost: 0 },
    'RangeError: throttledCost must be a number from 0.001 to 1, got 0',
  ],
  [
    'throttled retries above the price',
    { throttledCost: 1.1 },
    'RangeError: throttledCost must be a number from 0.001 to 1, got 1.1',
  ],
  [
    'a classify in text',
    { classify: 'retry' },
    'TypeError: classify must be a function, got "retry"',
  ],
  ['a random number', { random: 0.5 }, 'TypeError: random must be a function, got 0.5'],
  [
    'an unknown nesting',
    { nested: 'never' },
    'RangeError: nested must be "single" or "independent", got "never"',
  ],
];

const badPools: Case[] = [
  [
    'no origin',
    { maxOrigins: 0 },
    'RangeError: maxOrigins must be an integer from 1 to 1000000, got 0',
  ],
  ['options that are none', { options: 5 }, 'TypeError: options must be an object, got 5'],
];

describe('9. A throttled answer costs less, and options are checked at construction', () => {
  test.each(badBudgets)(
    'createRetryBudget names itself, the option and its value: %s',
    (_, options, error) => {
      const create = () => createRetryBudget(options as never);
      expect(thrownBy(create)).toBe(by('createRetryBudget', error));
    },
  );

  test.each(badRetriers)(
    'createRetrier names itself, the option and its value: %s',
    (_, options, error) => {
      const create = () => createRetrier(options as RetrierOptions);
      expect(thrownBy(create)).toBe(by('createRetrier', error));
    },
  );

  test.each(badPools)(
    'createRetrierPool names itself, the option and its value: %s',
    (_, options, error) => {
      const create = () => createRetrierPool(options as never);
      expect(thrownBy(create)).toBe(by('createRetrierPool', error));
    },
  );

  test.each([
    ['a bad budget', { options: { budget: { ratio: -1 } } }],
    ['a bad retrier', { options: { maxAttempts: 0 } }],
  ])('a pool finds a mistake before its first origin: %s', (_, options) => {
    expect(() => createRetrierPool(options)).toThrow(RangeError);
  });

  const badRuns: [what: string, fn: unknown, options: unknown, error: string][] = [
    ['no function', 'work', undefined, 'TypeError: run: fn must be a function, got "work"'],
    [
      'half an attempt',
      failing(),
      { maxAttempts: 0.5 },
      'RangeError: run: maxAttempts must be an integer from 1 to 1000, got 0.5',
    ],
    [
      'a classify that is none',
      failing(),
      { classify: {} },
      'TypeError: run: classify must be a function, got an object',
    ],
  ];

  test.each(badRuns)(
    'run rejects with a mistake in its arguments, and sends nothing: %s',
    async (_, fn, options, error) => {
      for (const nested of ['single', 'independent'] as const) {
        const { retrier } = hasty({ nested });
        const running = retrier.run(fn as never, options as RunOptions);
        expect(String(await reasonOf(running))).toBe(error);
        if (typeof fn === 'function') expect((fn as ReturnType<typeof failing>).calls).toBe(0);
      }
    },
  );

  test('the bounds themselves are good', () => {
    createRetryBudget({ ratio: 1_000, reserve: 1_000_000 });
    createRetryBudget({ ratio: 0, reserve: 0 });
    createRetryBudget({ deposit: 'request', windowMs: 1_000, minRetriesPerSecond: 0 });
    createRetryBudget({ deposit: 'request', windowMs: 60_000, minRetriesPerSecond: 10_000 });
    createRetryBudget({ deposit: 'concurrency', ratio: 1_000, minConcurrent: 1_000_000 });
    createRetrier({ maxAttempts: 1, deadlineMs: 1, minAttemptMs: 1, throttledCost: 0.001 });
    createRetrier({ maxAttempts: 1_000, deadlineMs: Infinity, attemptTimeoutMs: 1e300 });
    createRetrierPool({ maxOrigins: 1_000_000 });
    expect(createRetrier({ name: 'api' }).name).toBe('api');
  });

  test('what is left out, or undefined, is the default', async () => {
    const { retrier } = hasty({
      name: undefined,
      budget: undefined,
      maxAttempts: undefined,
      backoff: undefined,
      deadlineMs: undefined,
      attemptTimeoutMs: undefined,
      minAttemptMs: undefined,
      throttledCost: undefined,
      classify: undefined,
      nested: undefined,
      observer: undefined,
    });
    expect(retrier.name).toBe('retry-budget');
    const work = failing(...Array(9).fill('out'));
    await reasonOf(retrier.run(work, { signal: undefined, maxAttempts: undefined }));
    expect(work.calls).toBe(4);
    expect(createRetryBudget({ deposit: 'request' }).balance).toBe(100);
    expect(createRetryBudget({ deposit: 'concurrency' }).balance).toBe(3);
  });

  test('a run may make fewer or more attempts than its retrier does, and judge otherwise', async () => {
    const { retrier } = hasty({ maxAttempts: 2 });
    const work = failing(...Array(20).fill('out'));
    await reasonOf(retrier.run(work, { maxAttempts: 1 }));
    expect(work.calls).toBe(1);
    await reasonOf(retrier.run(work, { maxAttempts: 5 }));
    expect(work.calls).toBe(6);
    await reasonOf(retrier.run(work, { classify: () => 'stop' }));
    expect(work.calls).toBe(7);
  });
});
