import { describe, expect, test } from 'vitest';
import { policies, type SimulationOptions, simulate } from '../src/simulate.js';
import { between, brief, short } from './simulate-fixtures.js';

const shut = { fromMs: 2_000, toMs: 8_000, capacityPerSecond: 0 };

describe('the options of a simulation', () => {
  test('clients have a budget each: more clients, more reserves', async () => {
    const retries = async (clients: number) => {
      const simulation = await brief({ policy: policies.success, fault: shut, clients });
      const { calls, attempts } = between(simulation, 0, 8_000);
      return attempts - calls;
    };
    // What succeeded before pays a little: a tenth each of the last few.
    expect(await retries(1)).toBeLessThanOrEqual(12);
    expect(await retries(5)).toBeGreaterThanOrEqual(50);
    expect(await retries(5)).toBeLessThanOrEqual(60);
  });

  test('maxQueue bounds the line; who finds it full is refused, and costs nothing', async () => {
    const open = await brief({ policy: policies.naive, fault: shut });
    const bounded = await brief({ policy: policies.naive, fault: shut, maxQueue: 20 });
    const longest = (all: typeof open) => Math.max(...all.series.map(({ queued }) => queued));
    expect(longest(open)).toBeGreaterThan(500);
    // Twenty wait, and one is being served.
    expect(longest(bounded)).toBe(21);
    expect(open.recoveredAfterMs).toBeNull();
    expect(bounded.recoveredAfterMs).toBeLessThan(3_000);
  });

  test('maxQueue 0: a request is served at once or refused', async () => {
    const simulation = await brief({ policy: policies.none, maxQueue: 0, demandPerSecond: 20 });
    expect(Math.max(...simulation.series.map(({ queued }) => queued))).toBe(1);
    expect(simulation.series.some(({ successShare }) => successShare < 1)).toBe(true);
  });

  test('retryAfterMs closes the gate of the client that is refused, for every call', async () => {
    const fault = { fromMs: 2_000, toMs: 12_000, capacityPerSecond: 0 };
    const attempts = async (retryAfterMs: number) => {
      const policy = { ...policies.none, deadlineMs: 1_000 };
      const options = { policy, fault, maxQueue: 5, retryAfterMs };
      return between(await brief(options), 4_000, 12_000);
    };
    const deaf = await attempts(0);
    expect(deaf.attempts).toBe(deaf.calls);
    // One refusal every four seconds, and all others know without asking.
    const told = await attempts(4_000);
    expect(told.calls).toBe(deaf.calls);
    expect(told.attempts).toBeGreaterThan(0);
    expect(told.attempts).toBeLessThan(0.25 * deaf.attempts);
  });

  test('clientTimeoutMs is how long an attempt is waited for', async () => {
    const patient = await brief({ policy: policies.none, clientTimeoutMs: 60_000 });
    expect(patient.series.every(({ successShare }) => successShare === 1)).toBe(true);
    const hasty = await brief({ policy: policies.none, clientTimeoutMs: 1 });
    // A request takes 20 ms.
    expect(hasty.goodputPerSecond).toBe(0);
  });

  test('watchMs is how long it goes on after the fault', async () => {
    const { series } = await brief({ policy: policies.none, watchMs: 1_500 });
    expect(series.map(({ fromMs }) => fromMs)).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000]);
    const usual = await simulate({ ...short, watchMs: undefined, policy: policies.none });
    expect(usual.series).toHaveLength(184);
  });

  test('an interval that is cut off by the end counts its own length', async () => {
    const policy = policies.none;
    const { series } = await brief({ policy, watchMs: 1_500, demandPerSecond: 10, seed: 5 });
    const { calls, goodputPerSecond } = series.at(-1) ?? { calls: 0, goodputPerSecond: 0 };
    expect(calls).toBeGreaterThan(0);
    expect(Math.abs(goodputPerSecond - 2 * calls)).toBeLessThanOrEqual(2);
  });

  test('intervalMs is how long an interval is', async () => {
    const coarse = await brief({ policy: policies.naive, intervalMs: 4_000 });
    const fine = await brief({ policy: policies.naive, intervalMs: 500 });
    expect(coarse.series).toHaveLength(5);
    expect(fine.series).toHaveLength(40);
    expect(between(fine, 4_000, 8_000)).toEqual(between(coarse, 4_000, 8_000));
    expect(fine.amplification).toBe(coarse.amplification);
    expect(fine.series[15]?.queued).toBe(coarse.series[1]?.queued);
  });

  test('a policy is what a retrier takes: its deadline, its attempts', async () => {
    const amplification = async (policy: SimulationOptions['policy']) =>
      (await brief({ policy: { budget: policies.naive.budget, ...policy } })).amplification;
    expect(await amplification({ maxAttempts: 2 })).toBeGreaterThan(1.5);
    expect(await amplification({ maxAttempts: 2 })).toBeLessThanOrEqual(2);
    // The first attempt takes all the time there is.
    expect(await amplification({ deadlineMs: 1_000 })).toBe(1);
    const little = { deadlineMs: 1_900, minAttemptMs: 900 };
    expect(await amplification(little)).toBeLessThan(await amplification({ deadlineMs: 1_900 }));
  });
});

const wrong: readonly (readonly [string, object, typeof TypeError, string])[] = [
  ['policy', { policy: undefined }, TypeError, 'policy must be an object, got undefined'],
  ['policy', { policy: 'naive' }, TypeError, 'policy must be an object, got "naive"'],
  ['fault', { fault: null }, TypeError, 'fault must be an object, got null'],
  ['capacityPerSecond', { capacityPerSecond: 0 }, RangeError, 'from 0.001 to 100000, got 0'],
  ['demandPerSecond', { demandPerSecond: '9' }, TypeError, 'from 0.001 to 100000, got "9"'],
  ['demandPerSecond', { demandPerSecond: 100_001 }, RangeError, 'got 100001'],
  ['clientTimeoutMs', { clientTimeoutMs: 0 }, RangeError, 'from 1 to 3600000, got 0'],
  ['fault.fromMs', { fault: { ...short.fault, fromMs: -1 } }, RangeError, 'got -1'],
  ['fault.toMs', { fault: { ...short.fault, toMs: 1_999 } }, RangeError, 'from 2000 to 3600000'],
  [
    'fault.capacityPerSecond',
    { fault: { ...shut, capacityPerSecond: Number.NaN } },
    RangeError,
    'NaN',
  ],
  ['seed', { seed: 0.5 }, RangeError, 'seed must be an integer, got 0.5'],
  ['clients', { clients: 0 }, RangeError, 'from 1 to 10000, got 0'],
  ['maxQueue', { maxQueue: -1 }, RangeError, 'of at least 0, got -1'],
  ['retryAfterMs', { retryAfterMs: Infinity }, RangeError, 'from 0 to 3600000, got Infinity'],
  ['watchMs', { watchMs: 999 }, RangeError, 'from 1000 to 3600000, got 999'],
  ['intervalMs', { intervalMs: 60_001 }, RangeError, 'from 100 to 60000, got 60001'],
];

describe('a wrong option', () => {
  test.each(wrong)('%s: %o', async (name, change, Mistake, message) => {
    const options = { ...short, policy: policies.none, ...change } as SimulationOptions;
    const error = await simulate(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Mistake);
    expect((error as Error).message).toContain(`simulate: ${name} must be`);
    expect((error as Error).message).toContain(message);
  });

  test('no options at all', async () => {
    await expect(simulate(undefined as never)).rejects.toThrow(
      'simulate: options must be an object, got undefined',
    );
  });

  test('of a policy is told as a retrier tells it', async () => {
    await expect(brief({ policy: { maxAttempts: 0 } })).rejects.toThrow(
      'createRetrier: maxAttempts must be an integer from 1 to 1000, got 0',
    );
  });

  test('a simulation that would take too long is refused, so each one ends', async () => {
    const error = await brief({ policy: policies.naive, demandPerSecond: 100_000 }).catch(String);
    expect(error).toBe(
      'RangeError: simulate: would make 2000000 calls of up to 4 attempts, ' +
        'more than 2000000 in all',
    );
    // Four attempts are as many as when nothing is said.
    await expect(brief({ policy: {}, demandPerSecond: 30_000 })).rejects.toThrow(
      'up to 4 attempts',
    );
  });
});
