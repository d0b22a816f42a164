import { describe, expect, test } from 'vitest';
import { createRetrier, createRetryBudget, type RetryObserver } from '../src/index.js';
import { createHastyClock, failing, hasty, reasonOf } from './run-fixtures.js';

/** An observer that writes everything down, as [event, what]. */
function recorder() {
  const heard: [string, object][] = [];
  const note = (event: string) => (what: object) => void heard.push([event, what]);
  const observer: RetryObserver = {
    retryScheduled: note('retryScheduled'),
    gaveUp: note('gaveUp'),
    gateClosed: note('gateClosed'),
  };
  return { heard, observer };
}

describe('an observer', () => {
  test('hears of each retry when its slot is taken, and when a run gave up', async () => {
    const { heard, observer } = recorder();
    const clock = createHastyClock(500);
    const options = { name: 'api', clock, observer, maxAttempts: 2, backoff: () => 30 };
    const retrier = createRetrier(options);
    await reasonOf(retrier.run(failing('first', 'second')));
    expect(heard).toEqual([
      ['retryScheduled', { name: 'api', attempt: 2, delayMs: 30, error: 'first', atMs: 500 }],
      [
        'gaveUp',
        {
          name: 'api',
          error: 'second',
          info: {
            attempts: [
              { startedAtMs: 500, durationMs: 0, delayMs: 0, error: 'first' },
              { startedAtMs: 530, durationMs: 0, delayMs: 30, error: 'second' },
            ],
            budgetExhausted: false,
          },
          atMs: 530,
        },
      ],
    ]);
  });

  test('hears until when a hint has closed the gate', async () => {
    const { heard, observer } = recorder();
    const classify = () => ({ kind: 'throttled', retryAfterMs: 250 }) as const;
    const { retrier } = hasty({ observer, classify });
    await retrier.run(failing('busy'));
    expect(heard.map(([event]) => event)).toEqual(['gateClosed', 'retryScheduled']);
    expect(heard[0]?.[1]).toEqual({ name: 'retry-budget', opensAtMs: 250, atMs: 0 });
  });

  test('hears of a caller whom the gate turned away', async () => {
    const { heard, observer } = recorder();
    const { retrier } = hasty({ observer, deadlineMs: 100 });
    retrier.gate.close(100);
    const error = await reasonOf(retrier.run(failing()));
    const info = { attempts: [], budgetExhausted: false, retryAfterMs: 100 };
    expect(heard).toEqual([['gaveUp', { name: 'retry-budget', error, info, atMs: 0 }]]);
  });

  test('hears nothing of what succeeds at once, nor of a run that its caller aborted', async () => {
    const { heard, observer } = recorder();
    const { retrier } = hasty({ observer });
    await retrier.run(failing());
    await reasonOf(retrier.run(failing(), { signal: AbortSignal.abort() }));
    const leaving = new AbortController();
    const leaves = () => {
      leaving.abort('enough');
      throw new Error('out');
    };
    expect(await reasonOf(retrier.run(leaves, { signal: leaving.signal }))).toBe('enough');
    expect(heard).toEqual([]);
  });

  test('that throws, or rejects, breaks nothing', async () => {
    const observer = {
      retryScheduled: () => {
        throw new Error('mine');
      },
      gaveUp: async () => {
        throw new Error('mine too');
      },
    };
    const { retrier } = hasty({ observer, maxAttempts: 2, budget: createRetryBudget() });
    expect(await reasonOf(retrier.run(failing('a', 'b')))).toBe('b');
    expect(await retrier.run(failing('a'))).toBe('done');
  });
});
