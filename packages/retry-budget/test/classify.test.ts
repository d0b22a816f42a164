import { describe, expect, test } from 'vitest';
import { AttemptTimeoutError, classify, type Verdict } from '../src/index.js';
import { failing, hasty, reasonOf } from './run-fixtures.js';

/** An error of another realm, or one that only looks like one. */
const aborted = new DOMException('gone', 'AbortError');

describe('classify, where nothing else is said', () => {
  test.each<[string, unknown]>([
    ['an error', new Error('out')],
    [
      'a network failure, as fetch tells of it',
      new TypeError('fetch failed', { cause: new Error('ECONNRESET') }),
    ],
    ['a time-out of the attempt', new AttemptTimeoutError('late', 5)],
    ["a time-out of somebody else's", new DOMException('late', 'TimeoutError')],
    ['a text', 'out'],
    ['undefined', undefined],
    ['an object', { status: 503 }],
  ])('retries %s', (_, error) => {
    expect(classify(error)).toBe('retry');
  });

  test.each<[string, unknown]>([
    ['an abort', aborted],
    ['a TypeError without a cause', new TypeError('x is not a function')],
    ['a RangeError', new RangeError('Invalid array length')],
    ['a ReferenceError', new ReferenceError('x is not defined')],
    ['a SyntaxError', new SyntaxError('Unexpected token')],
    ['a URIError', new URIError('URI malformed')],
    ['an error of a subclass', new (class Mine extends TypeError {})('mine')],
  ])('stops at %s', async (_, error) => {
    expect(classify(error)).toBe('stop');
    const { retrier } = hasty();
    const work = failing(error);
    expect(await reasonOf(retrier.run(work))).toBe(error);
    expect(work.calls).toBe(1);
  });
});

describe('a classify of your own', () => {
  test('hears of each failure, and may retry, stop or say how bad it is', async () => {
    const heard: unknown[] = [];
    const verdicts: Verdict[] = ['retry', { kind: 'transient' }, { kind: 'throttled' }, 'stop'];
    const { retrier } = hasty({
      maxAttempts: 9,
      classify(error) {
        heard.push(error);
        return verdicts[heard.length - 1] as Verdict;
      },
    });
    expect(await reasonOf(retrier.run(failing(1, 2, 3, 4, 5)))).toBe(4);
    expect(heard).toEqual([1, 2, 3, 4]);
  });

  test.each([undefined, true, 'again', {}, { kind: 'odd' }, null])(
    'that answers %o is told so, with the error as the cause',
    async (verdict) => {
      const { retrier } = hasty({ classify: () => verdict as Verdict });
      const error = new Error('out');
      const reason = await reasonOf(retrier.run(failing(error)));
      expect(reason).toBeInstanceOf(TypeError);
      expect(String(reason)).toContain("classify: must return 'retry', 'stop' or { kind }, got");
      expect((reason as Error).cause).toBe(error);
      expect(retrier.budget.balance).toBe(10);
    },
  );

  test('that throws ends the run with what it threw', async () => {
    const mistake = new Error('in classify');
    const { retrier } = hasty({
      classify() {
        throw mistake;
      },
    });
    expect(await reasonOf(retrier.run(failing('out')))).toBe(mistake);
    expect(retrier.budget.balance).toBe(10);
  });
});
