import { describe, expect, test } from 'vitest';
import {
  additiveJitter,
  type Backoff,
  type BackoffOptions,
  createRetrier,
  custom,
  decorrelatedJitter,
  equalJitter,
  exponential,
  fullJitter,
  seededRandom,
} from '../src/index.js';
import { failing, hasty, manual, reasonOf, settled, turn } from './run-fixtures.js';

const grows = { fullJitter, equalJitter, decorrelatedJitter, additiveJitter, exponential };
const options = { baseMs: 50, maxMs: 20_000 };

/** The waits before the first retries when chance gives the same number each time. */
function waits(backoff: Backoff, chance: number, retries = 4): number[] {
  const found: number[] = [];
  for (let n = 0; n < retries; n += 1) found.push(backoff(n, () => chance, found.at(-1) ?? 0));
  return found;
}

describe('4. Backoff distributions are the published ones', () => {
  // AWS, "Exponential Backoff And Jitter" (M. Brooker, 2015), and its simulator: the formulas of
  // FullJitter, EqualJitter and DecorrelatedJitter, with random(a, b) at its ends.
  test.each<[string, Backoff, number[], number[]]>([
    ['fullJitter', fullJitter(options), [0, 0, 0, 0], [50, 100, 200, 400]],
    ['equalJitter', equalJitter(options), [25, 50, 100, 200], [50, 100, 200, 400]],
    ['decorrelatedJitter', decorrelatedJitter(options), [50, 50, 50, 50], [150, 450, 1_350, 4_050]],
    ['additiveJitter', additiveJitter(options), [50, 100, 200, 400], [100, 150, 250, 450]],
    ['exponential', exponential(options), [50, 100, 200, 400], [50, 100, 200, 400]],
  ])('%s: least and most before each retry', (_, backoff, least, most) => {
    expect(waits(backoff, 0)).toEqual(least);
    expect(waits(backoff, 1)).toEqual(most);
  });

  // SEP 2.1, "Standard Mode" test cases of the AWS SDKs, with jitter at its most.
  test.each<[string, BackoffOptions, number[]]>([
    ['Verifying exponential backoff timing', options, [50, 100, 200, 400]],
    ['Verify max backoff time', { baseMs: 50, maxMs: 200 }, [50, 100, 200, 200]],
    ['DynamoDB base backoff', { baseMs: 25, maxMs: 20_000 }, [25, 50, 100]],
  ])('AWS: %s', (_, given, expected) => {
    expect(waits(fullJitter(given), 1, expected.length)).toEqual(expected);
  });

  test.each(Object.entries(grows))(
    '%s is never above max, plus base where jitter is added, and never no number',
    (name, create) => {
      const numbers = [0, 1, 2, 9, 30, 52, 1_022, 1_023, 1_024, 1e6, 2 ** 53 - 1, 1e300];
      for (const baseMs of [0, 1, 50, 20_000, Number.MAX_SAFE_INTEGER]) {
        for (const maxMs of [baseMs, Number.MAX_SAFE_INTEGER]) {
          const backoff = create({ baseMs, maxMs });
          const most = name === 'additiveJitter' ? maxMs + baseMs : maxMs;
          for (const n of numbers) {
            for (const chance of [0, 0.5, 1 - 2 ** -53]) {
              const ms = backoff(n, () => chance, maxMs);
              expect(ms).toBeGreaterThanOrEqual(0);
              expect(ms).toBeLessThanOrEqual(most);
            }
          }
        }
      }
    },
  );

  test('custom is asked for the number of the retry, 0 before the first', async () => {
    const asked: number[] = [];
    const backoff = custom((n) => {
      asked.push(n);
      return n * 10;
    });
    const { clock, retrier } = hasty({ backoff });
    await reasonOf(retrier.run(failing(1, 2, 3, 4)));
    expect(asked).toEqual([0, 1, 2]);
    expect(clock.slept).toEqual([0, 10, 20]);
  });

  test('a backoff hears of the wait before, so that decorrelated jitter can build on it', async () => {
    const heard: number[] = [];
    const backoff: Backoff = (n, _, previousMs) => {
      heard.push(previousMs);
      return 100 * (n + 1);
    };
    await reasonOf(hasty({ backoff }).retrier.run(failing(1, 2, 3, 4)));
    expect(heard).toEqual([0, 100, 200]);
  });

  test('the default is full jitter from 50 ms up to 20 s', async () => {
    const { clock, retrier } = hasty({ random: () => 0.5, maxAttempts: 12 });
    await reasonOf(retrier.run(failing(...Array(12).fill('out'))));
    expect(clock.slept).toEqual([25, 50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000]);
  });

  test('a sleep beyond 2^31 − 1 ms is slept to its end', async () => {
    const thirtyDaysMs = 30 * 86_400_000;
    const { clock, retrier } = manual({
      backoff: exponential({ baseMs: thirtyDaysMs, maxMs: 1e12 }),
    });
    const running = retrier.run(failing(new Error('out')));
    await turn();
    clock.advance(thirtyDaysMs - 1);
    await turn();
    expect(clock.pending).toBe(1);
    clock.advance(1);
    expect(await settled(clock, running)).toMatchObject({ value: 'done' });
  });

  test('on the real clock such a sleep does not fire at once, and an abort ends it', async () => {
    const leaving = new AbortController();
    const retrier = createRetrier({ backoff: custom(() => 2 ** 31) });
    const work = failing(new Error('out'));
    const running = retrier.run(work, { signal: leaving.signal });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(work.calls).toBe(1);
    leaving.abort('enough');
    expect(await reasonOf(running)).toBe('enough');
  });

  test('the same seed gives the same waits, another seed others', async () => {
    const play = async (seed: number) => {
      const { clock, retrier } = hasty({ random: seededRandom(seed) });
      await reasonOf(retrier.run(failing(1, 2, 3, 4)));
      return clock.slept;
    };
    expect(await play(7)).toEqual(await play(7));
    expect(await play(7)).not.toEqual(await play(8));
  });

  test('a wait that is no number is an error of its own, and takes no retry', async () => {
    const { retrier } = hasty({ backoff: custom(() => Number.NaN) });
    const error = await reasonOf(retrier.run(failing(new Error('out'))));
    expect(String(error)).toBe(
      'RangeError: custom: delayMs(0) must be a finite number of at least 0, got NaN',
    );
    expect(retrier.budget.balance).toBe(10);
  });

  const ofBase = 'must be a number from 0 to 9007199254740991, got';
  const ofMax = 'must be a number from 5 to 9007199254740991, got';
  test.each<[string, () => unknown, string]>([
    [
      'a base below 0',
      () => fullJitter({ baseMs: -1, maxMs: 1 }),
      `RangeError: fullJitter: baseMs ${ofBase} -1`,
    ],
    [
      'a base in text',
      () => equalJitter({ baseMs: '1' as never, maxMs: 1 }),
      `TypeError: equalJitter: baseMs ${ofBase} "1"`,
    ],
    [
      'an endless max',
      () => exponential({ baseMs: 0, maxMs: Infinity }),
      `RangeError: exponential: maxMs ${ofBase} Infinity`,
    ],
    [
      'a max below base',
      () => additiveJitter({ baseMs: 5, maxMs: 4 }),
      `RangeError: additiveJitter: maxMs ${ofMax} 4`,
    ],
    [
      'no max',
      () => decorrelatedJitter({ baseMs: 5 } as never),
      `TypeError: decorrelatedJitter: maxMs ${ofMax} undefined`,
    ],
    [
      'no function',
      () => custom(5 as never),
      'TypeError: custom: delayMs must be a function, got 5',
    ],
    [
      'half a seed',
      () => seededRandom(0.5),
      'RangeError: seededRandom: seed must be an integer, got 0.5',
    ],
  ])('%s is refused at construction', (_, create, message) => {
    expect(create).toThrow(expect.objectContaining({ message: message.replace(/^\w+: /, '') }));
    expect(create).toThrow(message.startsWith('Type') ? TypeError : RangeError);
  });
});
