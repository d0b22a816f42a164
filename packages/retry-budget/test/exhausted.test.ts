import { describe, expect, test } from 'vitest';
import { createRetrier, createRetryBudget, retryInfo } from '../src/index.js';
import { createHastyClock, failing, hasty, manual, reasonOf } from './run-fixtures.js';

/** A budget without a retry left. */
function empty() {
  const budget = createRetryBudget({ ratio: 0.1, reserve: 1 });
  budget.take()?.begin();
  return budget;
}

/** Values that have been thrown in anger, some of which a careless `if (error)` would drop. */
const thrown: readonly (readonly [string, unknown])[] = [
  ['an error', new Error('out')],
  ['a frozen object', Object.freeze({ status: 503 })],
  ['a frozen error', Object.freeze(new Error('frozen'))],
  ['an object without a prototype', Object.create(null)],
  ['a function', () => 'why'],
  ['a text', 'out'],
  ['an empty text', ''],
  ['zero', 0],
  ['NaN', Number.NaN],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
  ['a symbol', Symbol('out')],
  ['a big integer', 0n],
];

describe('3. No budget left: the original error at once, unmasked', () => {
  test.each(thrown)('%s comes out as the very value that went in', async (_, value) => {
    const { clock, retrier } = hasty({ budget: empty(), classify: () => 'retry' });
    expect(await reasonOf(retrier.run(failing(value)))).toBe(value);
    expect(clock.slept).toEqual([]);
  });

  test.each(thrown)('%s does so after the last attempt, too', async (_, value) => {
    const { retrier } = hasty({ maxAttempts: 3, classify: () => 'retry' });
    const work = failing(1, 2, value);
    expect(await reasonOf(retrier.run(work))).toBe(value);
    expect(work.calls).toBe(3);
  });

  test('without a wait: the promise has rejected before any time has passed', async () => {
    const { clock, retrier } = manual({ budget: empty() });
    const error = new Error('out');
    expect(await reasonOf(retrier.run(failing(error)))).toBe(error);
    expect(clock.pending).toBe(0);
  });

  test('an error is not touched: nothing is added to it, and its stack stays', async () => {
    const error = new Error('out');
    const before = { keys: Reflect.ownKeys(error), stack: error.stack };
    await reasonOf(hasty().retrier.run(failing(error, error, error, error)));
    expect({ keys: Reflect.ownKeys(error), stack: error.stack }).toEqual(before);
  });

  test('what a function throws before its first await is treated alike', async () => {
    const error = new Error('sync');
    const { retrier } = hasty({ nested: 'independent' });
    let calls = 0;
    const throws = () => {
      calls += 1;
      throw error;
    };
    expect(await reasonOf(retrier.run(throws))).toBe(error);
    expect(calls).toBe(4);
  });

  test('retryInfo says that it was the budget', async () => {
    const error = new Error('out');
    await reasonOf(hasty({ budget: empty() }).retrier.run(failing(error)));
    expect(retryInfo(error)).toEqual({
      attempts: [{ startedAtMs: 0, durationMs: 0, delayMs: 0, error }],
      budgetExhausted: true,
    });
  });

  test('and that it was not, when the attempts are used up or the error is final', async () => {
    const error = new Error('out');
    const { retrier } = hasty({ maxAttempts: 2 });
    await reasonOf(retrier.run(failing(error, error)));
    expect(retryInfo(error)?.budgetExhausted).toBe(false);
    await reasonOf(retrier.run(failing(error), { classify: () => 'stop' }));
    expect(retryInfo(error)?.budgetExhausted).toBe(false);
    expect(retryInfo(error)?.attempts).toHaveLength(1);
  });
});

describe('retryInfo', () => {
  test('tells of each attempt when it started, how long it took, and how long it was waited for', async () => {
    const clock = createHastyClock(1_000);
    const errors = [new Error('a'), new Error('b'), new Error('c')];
    const delays = [100, 250];
    const backoff = (n: number) => delays[n] ?? 0;
    const retrier = createRetrier({ clock, backoff, maxAttempts: 3 });
    const failures = [...errors];
    const work = () => {
      clock.pass(7);
      throw failures.shift();
    };
    const last = await reasonOf(retrier.run(work));
    expect(retryInfo(last)).toEqual({
      attempts: [
        { startedAtMs: 1_000, durationMs: 7, delayMs: 0, error: errors[0] },
        { startedAtMs: 1_107, durationMs: 7, delayMs: 100, error: errors[1] },
        { startedAtMs: 1_364, durationMs: 7, delayMs: 250, error: errors[2] },
      ],
      budgetExhausted: false,
    });
  });

  test('knows nothing of a value that no failed run threw, nor of an error on the way', async () => {
    const first = new Error('first');
    const last = new Error('last');
    const { retrier } = hasty({ maxAttempts: 2 });
    await reasonOf(retrier.run(failing(first, last)));
    expect(retryInfo(first)).toBeUndefined();
    expect(retryInfo(last)?.attempts).toHaveLength(2);
    expect(retryInfo(new Error('other'))).toBeUndefined();
  });

  test.each(thrown.filter(([, value]) => Object(value) !== value))(
    'of %s it always knows nothing, and the observer is told instead',
    async (_, value) => {
      const heard: unknown[] = [];
      const gaveUp = ({
        error,
        info,
      }: {
        error: unknown;
        info: { attempts: readonly unknown[] };
      }) => {
        heard.push([error, info.attempts.length]);
      };
      const { retrier } = hasty({ maxAttempts: 2, observer: { gaveUp } });
      await reasonOf(retrier.run(failing(value, value)));
      expect(retryInfo(value)).toBeUndefined();
      expect(heard).toEqual([[value, 2]]);
    },
  );

  test('of one object that two runs threw, the last to fail is told', async () => {
    const error = new Error('shared');
    const { retrier } = hasty();
    await reasonOf(retrier.run(failing(error, error), { maxAttempts: 2 }));
    await reasonOf(retrier.run(failing(error, error, error), { maxAttempts: 3 }));
    expect(retryInfo(error)?.attempts).toHaveLength(3);
  });
});
