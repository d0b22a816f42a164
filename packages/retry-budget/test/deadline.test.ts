import { describe, expect, test } from 'vitest';
import {
  AttemptTimeoutError,
  createRetrier,
  custom,
  type RetryAttempt,
  retryInfo,
} from '../src/index.js';
import {
  createHastyClock,
  endOf,
  failing,
  hasty,
  manual,
  reasonOf,
  settled,
  turn,
} from './run-fixtures.js';

const never = () => new Promise<never>(() => {});
const slow = custom(() => 100);

describe('6. The deadline covers everything, and an abort leaves nothing behind', () => {
  test('an attempt gets min(attemptTimeoutMs, what is left of the deadline)', async () => {
    const { clock, retrier } = manual({ deadlineMs: 450, attemptTimeoutMs: 200, backoff: slow });
    const given: number[] = [];
    const hang = ({ remainingMs }: RetryAttempt) => {
      given.push(remainingMs);
      return never();
    };
    const end = await settled(clock, retrier.run(hang));
    const reason = (end as PromiseRejectedResult).reason;
    expect(given).toEqual([450, 150]);
    expect(retryInfo(reason)?.attempts.map(({ durationMs }) => durationMs)).toEqual([200, 150]);
    expect(reason).toBeInstanceOf(AttemptTimeoutError);
    expect(reason).toMatchObject({ code: 'ATTEMPT_TIMEOUT', timeoutMs: 150 });
    expect(String(reason)).toBe('AttemptTimeoutError: run: attempt 2 took over 150 ms');
    expect(clock.now()).toBe(1_000_450);
  });

  test('work that ignores its signal holds up nobody', async () => {
    const { clock, retrier } = manual({ attemptTimeoutMs: 50, maxAttempts: 1 });
    const running = retrier.run(never);
    await turn();
    clock.advance(49);
    expect(await endOf(running)).toBe('pending');
    clock.advance(1);
    expect(await endOf(running)).toMatchObject({ reason: { code: 'ATTEMPT_TIMEOUT' } });
    expect(clock.pending).toBe(0);
  });

  test('an attempt that is given up may fail or succeed later: nobody hears of it', async () => {
    const { clock, retrier } = manual({ attemptTimeoutMs: 50, maxAttempts: 2, backoff: slow });
    let late: ((error: Error) => void) | undefined;
    let calls = 0;
    const work = () => {
      calls += 1;
      if (calls === 2) return 'second';
      return new Promise<never>((_, reject) => {
        late = reject;
      });
    };
    const running = retrier.run(work);
    await turn();
    clock.advance(50);
    await turn();
    late?.(new Error('too late'));
    await turn();
    clock.advance(100);
    expect(await endOf(running)).toEqual({ value: 'second' });
  });

  test('a backoff that would end at the deadline, or later, is not slept: it fails now', async () => {
    for (const deadlineMs of [99, 100]) {
      const { clock, retrier } = hasty({ deadlineMs, backoff: slow });
      const error = new Error('out');
      expect(await reasonOf(retrier.run(failing(error)))).toBe(error);
      expect(clock.slept).toEqual([]);
      expect(retrier.budget.balance).toBe(10);
    }
    const { clock, retrier } = hasty({ deadlineMs: 101, backoff: slow });
    await retrier.run(failing(new Error('out')));
    expect(clock.slept).toEqual([100]);
  });

  test('no attempt is made with less than minAttemptMs left', async () => {
    const given: number[] = [];
    const { clock, retrier } = hasty({ deadlineMs: 350, minAttemptMs: 50, backoff: slow });
    const fail = ({ remainingMs }: RetryAttempt) => {
      given.push(remainingMs);
      throw new Error('out');
    };
    await reasonOf(retrier.run(fail));
    expect(given).toEqual([350, 250, 150, 50]);
    given.length = 0;
    const strict = hasty({ deadlineMs: 350, minAttemptMs: 51, backoff: slow });
    await reasonOf(strict.retrier.run(fail));
    expect(given).toEqual([350, 250, 150]);
    expect(clock.slept).toEqual([100, 100, 100]);
  });

  test('the deadline counts from the call, waits for the gate included', async () => {
    const { clock, retrier } = manual({ deadlineMs: 1_000 });
    retrier.gate.close(600);
    let left = 0;
    const running = retrier.run(({ remainingMs }) => {
      left = remainingMs;
      return never();
    });
    await turn();
    clock.advance(600);
    await turn();
    expect(left).toBe(400);
    clock.advance(400);
    expect(await endOf(running)).toMatchObject({ reason: { timeoutMs: 400 } });
  });

  test('remainingMs is of the moment it is read at, never negative, and endless without', async () => {
    const { clock, retrier } = manual({ deadlineMs: 100, attemptTimeoutMs: 20, maxAttempts: 1 });
    let attempt: RetryAttempt | undefined;
    const running = retrier.run((its) => {
      attempt = its;
      return never();
    });
    await turn();
    clock.advance(15);
    expect(attempt?.remainingMs).toBe(85);
    clock.advance(200);
    expect(attempt?.remainingMs).toBe(0);
    await reasonOf(running);
    const free: number[] = [];
    for (const nested of ['single', 'independent'] as const) {
      await hasty({ nested }).retrier.run(({ remainingMs }) => void free.push(remainingMs));
    }
    expect(free).toEqual([Infinity, Infinity]);
  });

  test('attempts are counted from 1', async () => {
    for (const nested of ['single', 'independent'] as const) {
      const counted: number[] = [];
      const { retrier } = hasty({ nested });
      await retrier.run(({ attempt }) => {
        counted.push(attempt);
        if (attempt < 3) throw new Error('out');
      });
      expect(counted).toEqual([1, 2, 3]);
    }
  });

  test('an attempt that is over in time leaves no timer', async () => {
    const { clock, retrier } = manual({ deadlineMs: 1_000, attemptTimeoutMs: 100, maxAttempts: 1 });
    expect(await retrier.run(() => 'done')).toBe('done');
    await reasonOf(retrier.run(failing(new Error('out'))));
    expect(clock.pending).toBe(0);
  });

  test('a sleep that lasted too long ends the run: no attempt is made without time', async () => {
    const late = createHastyClock();
    const clock = { ...late, sleep: (ms: number) => late.sleep(ms).then(() => late.pass(60)) };
    const retrier = createRetrier({ clock, deadlineMs: 150, backoff: slow, random: () => 0 });
    const error = new Error('out');
    const work = failing(error);
    expect(await reasonOf(retrier.run(work))).toBe(error);
    expect(work.calls).toBe(1);
    expect(retryInfo(error)).not.toHaveProperty('retryAfterMs');
    expect(retrier.budget.balance).toBe(10);
    retrier.gate.close(100);
    expect(await reasonOf(retrier.run(work))).toMatchObject({ code: 'GATE_CLOSED' });
    expect(work.calls).toBe(1);
  });

  test('a deadline beyond 2^31 − 1 ms is one', async () => {
    const { clock, retrier } = manual({ deadlineMs: 2 ** 32, maxAttempts: 1 });
    const running = retrier.run(never);
    await turn();
    clock.advance(2 ** 32 - 1);
    expect(await endOf(running)).toBe('pending');
    clock.advance(1);
    expect(await endOf(running)).toMatchObject({ reason: { code: 'ATTEMPT_TIMEOUT' } });
  });
});
