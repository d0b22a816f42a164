import { describe, expect, test } from 'vitest';
import {
  type Classify,
  createRetrier,
  createRetryBudget,
  custom,
  exponential,
  type Failure,
  GateClosedError,
  type RetrierOptions,
  retryInfo,
} from '../src/index.js';
import { createHastyClock, endOf, failing, hasty, manual, reasonOf, turn } from './run-fixtures.js';

/** An error that says when to come back. */
class Busy extends Error {
  constructor(
    readonly retryAfterMs: number | undefined,
    readonly kind: Failure['kind'] = 'throttled',
  ) {
    super('busy');
  }
}

const classify: Classify = (error) =>
  error instanceof Busy ? { kind: error.kind, retryAfterMs: error.retryAfterMs } : 'retry';

const quick = exponential({ baseMs: 50, maxMs: 20_000 });

/** What a run slept that was told to come back in `hintMs`. */
async function sleptAfter(hintMs: number, options: RetrierOptions = {}) {
  const { clock, retrier } = hasty({ classify, backoff: quick, ...options });
  await retrier.run(failing(new Busy(hintMs)));
  return clock.slept;
}

describe('5. Retry-After is a floor, and closes a gate for everyone', () => {
  test('a hint above the backoff is waited for, and nothing less', async () => {
    expect(await sleptAfter(700)).toEqual([700]);
  });

  test('a hint below the backoff does not shorten it', async () => {
    expect(await sleptAfter(20)).toEqual([50]);
  });

  test.each([
    [700, 0.5, 700 + 0.5 * 175],
    [20, 0.5, 50 + 0.5 * 5],
    [60_000, 0.999, 60_000 + 0.999 * 5_000],
  ])('jitter comes on top of it: %d ms with chance %d', async (hintMs, chance, expected) => {
    expect(await sleptAfter(hintMs, { random: () => chance })).toEqual([expected]);
  });

  test('no draw ever makes a retry earlier than the hint or the backoff', async () => {
    for (let draw = 0; draw < 50; draw += 1) {
      const [slept] = await sleptAfter(100 + draw, { random: () => draw / 50 });
      expect(slept).toBeGreaterThanOrEqual(100 + draw);
    }
  });

  test('a hint that ends with the deadline, or later, stops now and is surfaced', async () => {
    for (const hintMs of [1_000, 1_001, 86_400_000]) {
      const { clock, retrier } = hasty({ classify, backoff: quick, deadlineMs: 1_000 });
      const error = new Busy(hintMs);
      expect(await reasonOf(retrier.run(failing(error)))).toBe(error);
      expect(clock.slept).toEqual([]);
      expect(retryInfo(error)).toMatchObject({ retryAfterMs: hintMs, budgetExhausted: false });
      expect(retrier.budget.balance).toBe(10);
    }
  });

  test('a hint just within the deadline is waited for, and its jitter does not spoil it', async () => {
    const late = { deadlineMs: 1_000, random: () => 0.999 };
    expect(await sleptAfter(998, late)).toEqual([998 + 0.999 * 1]);
    expect(await sleptAfter(999.5, late)).toEqual([999.5]);
    expect(await sleptAfter(900, { ...late, minAttemptMs: 60 })).toEqual([900 + 0.999 * 40]);
  });

  test('so is one that leaves too little for an attempt not', async () => {
    const { clock, retrier } = hasty({ classify, deadlineMs: 1_000, minAttemptMs: 60 });
    const error = new Busy(941);
    expect(await reasonOf(retrier.run(failing(error)))).toBe(error);
    expect(clock.slept).toEqual([]);
    expect(retryInfo(error)?.retryAfterMs).toBe(941);
  });

  test('the info of a run that is out of attempts, or of budget, surfaces the hint as well', async () => {
    const error = new Busy(500);
    await reasonOf(hasty({ classify, maxAttempts: 1 }).retrier.run(failing(error)));
    expect(retryInfo(error)?.retryAfterMs).toBe(500);
    const budget = createRetryBudget({ reserve: 1 });
    budget.take();
    await reasonOf(hasty({ classify, budget }).retrier.run(failing(error)));
    expect(retryInfo(error)).toMatchObject({ retryAfterMs: 500, budgetExhausted: true });
  });

  test('a hint of an earlier attempt is not surfaced when the last one gave none', async () => {
    const { retrier } = hasty({ classify, maxAttempts: 2 });
    const error = new Error('out');
    await reasonOf(retrier.run(failing(new Busy(500), error)));
    expect(retryInfo(error)).not.toHaveProperty('retryAfterMs');
  });

  // gRPC A6, "Pushback": a negative value means that the server asks not to be asked again.
  test.each([-1, -0.001, -Infinity, Infinity])('a hint of %d means stop', async (hintMs) => {
    const { retrier } = hasty({ classify });
    const error = new Busy(hintMs);
    const work = failing(error);
    expect(await reasonOf(retrier.run(work))).toBe(error);
    expect(work.calls).toBe(1);
    expect(retrier.gate.opensInMs).toBe(0);
    expect(retryInfo(error)?.retryAfterMs).toBe(hintMs > 0 ? hintMs : undefined);
  });

  test.each([0, Number.NaN, undefined, '5' as never, null as never])(
    'a hint of %s is as none: the backoff decides, and the gate stays open',
    async (hintMs) => {
      const { clock, retrier } = hasty({ classify, backoff: quick });
      await retrier.run(failing(new Busy(hintMs)));
      expect(clock.slept).toEqual([50]);
      expect(retrier.gate.opensInMs).toBe(0);
    },
  );

  test('a hint closes the gate for first attempts of every other caller', async () => {
    const { clock, retrier } = manual({ classify, backoff: quick });
    const told = retrier.run(failing(new Busy(1_000)));
    await turn();
    expect(retrier.gate.opensInMs).toBe(1_000);
    const other = failing();
    const waiting = retrier.run(other);
    clock.advance(999);
    await turn();
    expect(other.calls).toBe(0);
    clock.advance(1);
    expect(await endOf(waiting)).toEqual({ value: 'done' });
    expect(await endOf(told)).toEqual({ value: 'done' });
  });

  test('so does the hint of a failure that is not retried for want of attempts', async () => {
    const { retrier } = hasty({ classify, maxAttempts: 1 });
    await reasonOf(retrier.run(failing(new Busy(1_000, 'transient'))));
    expect(retrier.gate.opensInMs).toBe(1_000);
  });

  test('it reopens with jitter: those who waited do not return in step', async () => {
    const chances = [0, 0.2, 0.4, 0.6, 0.8];
    let drawn = 0;
    const random = () => chances[drawn++ % chances.length] as number;
    const { clock, retrier } = manual({ random });
    retrier.gate.close(1_000);
    const startedAt: number[] = [];
    const start = () => {
      startedAt.push(clock.now() - 1_000_000);
    };
    const all = chances.map(() => retrier.run(start));
    for (let ms = 0; ms < 1_250; ms += 10) {
      await turn();
      clock.advance(10);
    }
    await Promise.all(all);
    expect(startedAt).toEqual([1_000, 1_050, 1_100, 1_150, 1_200]);
  });

  test('a caller whose deadline lies before the opening fails at once, and was not sent', async () => {
    const { clock, retrier } = manual({ deadlineMs: 500 });
    retrier.gate.close(500);
    const work = failing();
    const error = await reasonOf(retrier.run(work));
    expect(error).toBeInstanceOf(GateClosedError);
    expect(error).toMatchObject({ code: 'GATE_CLOSED', retryAfterMs: 500 });
    expect(String(error)).toBe(
      'GateClosedError: run: retry-budget is to be left alone for 500 ms, past the deadline',
    );
    expect(retryInfo(error)).toEqual({ attempts: [], budgetExhausted: false, retryAfterMs: 500 });
    expect([work.calls, clock.pending]).toEqual([0, 0]);
  });

  test('one whose deadline lies after it waits, and so does one without a deadline', async () => {
    const { clock, retrier } = hasty({ deadlineMs: 501 });
    retrier.gate.close(500);
    await retrier.run(failing());
    expect(clock.slept).toEqual([500]);
    const patient = hasty({ nested: 'independent' });
    patient.retrier.gate.close(86_400_000);
    await patient.retrier.run(failing());
    expect(patient.clock.slept).toEqual([86_400_000]);
  });

  test('a gate that is closed again while a caller waits is waited for again, uncharged', async () => {
    const { clock, retrier } = manual({ classify, backoff: custom(() => 100) });
    const running = retrier.run(failing(new Busy(undefined, 'transient')));
    await turn();
    expect(retrier.budget.balance).toBe(9);
    clock.advance(50);
    retrier.gate.close(500);
    clock.advance(50);
    await turn();
    expect(retrier.gate.opensInMs).toBe(450);
    clock.advance(449);
    await turn();
    expect(await endOf(running)).toBe('pending');
    clock.advance(1);
    expect(await endOf(running)).toEqual({ value: 'done' });
    expect(retrier.budget.balance).toBe(9.1);
  });

  test('and past the deadline it ends the run with its own error, its slot returned', async () => {
    const { clock, retrier } = manual({ backoff: custom(() => 100), deadlineMs: 300 });
    const error = new Error('out');
    const running = retrier.run(failing(error));
    await turn();
    retrier.gate.close(400);
    clock.advance(100);
    expect(await endOf(running)).toEqual({ reason: error });
    expect(retryInfo(error)?.retryAfterMs).toBe(300);
    expect(retrier.budget.balance).toBe(10);
    expect(clock.pending).toBe(0);
  });

  test('an abort while waiting for the gate rejects at once and leaves no timer', async () => {
    const { clock, retrier } = manual();
    retrier.gate.close(1_000);
    const leaving = new AbortController();
    const work = failing();
    const running = retrier.run(work, { signal: leaving.signal });
    await turn();
    leaving.abort(0);
    expect(await endOf(running)).toEqual({ reason: 0 });
    expect([work.calls, clock.pending]).toEqual([0, 0]);
  });

  test('each retrier has a gate of its own', async () => {
    const clock = createHastyClock();
    const one = createRetrier({ clock });
    const other = createRetrier({ clock });
    one.gate.close(1_000);
    await other.run(failing());
    expect(clock.slept).toEqual([]);
  });
});
