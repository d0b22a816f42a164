import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createRetrier, custom, type RetryAttempt } from '../src/index.js';
import { endOf, failing, hasty, manual, reasonOf, settled, turn } from './run-fixtures.js';

const never = () => new Promise<never>(() => {});
const slow = custom(() => 100);
const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

/** Counts the AbortControllers that are created while `work` runs. */
async function controllersIn(work: () => Promise<unknown>): Promise<number> {
  const real = globalThis.AbortController;
  let created = 0;
  globalThis.AbortController = class extends real {
    constructor() {
      super();
      created += 1;
    }
  };
  try {
    await work();
  } finally {
    globalThis.AbortController = real;
  }
  return created;
}

describe('6. The deadline covers everything, and an abort leaves nothing behind', () => {
  test.each(['single', 'independent'] as const)(
    'a signal is created only when it is read, and another one for each attempt (%s)',
    async (nested) => {
      const unread = hasty({ nested }).retrier;
      expect(await controllersIn(() => unread.run(failing(new Error('out'))))).toBe(0);
      const signals = new Set<AbortSignal>();
      const reading = hasty({ nested }).retrier;
      const run = async () => {
        await reading.run((attempt) => {
          signals.add(attempt.signal);
          expect(attempt.signal).toBe(attempt.signal);
          if (attempt.attempt < 3) throw new Error('out');
        });
      };
      expect(await controllersIn(run)).toBe(3);
      expect(signals.size).toBe(3);
    },
  );

  test('it is aborted with the time-out of its attempt, read before or after', async () => {
    const { clock, retrier } = manual({ attemptTimeoutMs: 50, maxAttempts: 1 });
    let attempt: RetryAttempt | undefined;
    const running = retrier.run((its) => {
      attempt = its;
      return never();
    });
    await turn();
    clock.advance(50);
    const reason = await reasonOf(running);
    expect(attempt?.signal.aborted).toBe(true);
    expect(attempt?.signal.reason).toBe(reason);
  });

  test('it is not aborted when its attempt is over: what it returned may still be read', async () => {
    const { retrier } = hasty({ attemptTimeoutMs: 50 });
    const outer = new AbortController();
    const signal = await retrier.run((attempt) => attempt.signal, { signal: outer.signal });
    outer.abort();
    expect(signal.aborted).toBe(false);
  });

  test.each([new Error('leaving'), 'leaving', 0, null, false])(
    'an abort in an attempt aborts its signal and rejects at once, with the reason %s',
    async (reason) => {
      const { clock, retrier } = manual({ attemptTimeoutMs: 1_000 });
      const outer = new AbortController();
      let inner: AbortSignal | undefined;
      const running = retrier.run(
        (attempt) => {
          inner = attempt.signal;
          return never();
        },
        { signal: outer.signal },
      );
      await turn();
      outer.abort(reason);
      expect(await endOf(running)).toEqual({ reason });
      expect(inner?.reason).toBe(reason);
      expect(clock.pending).toBe(0);
      expect(listenersOf(outer.signal)).toBe(0);
    },
  );

  test('an attempt that fails because of the abort is not retried, whatever it throws', async () => {
    const { clock, retrier } = manual({ classify: () => 'retry' });
    const outer = new AbortController();
    const work = () => {
      outer.abort('enough');
      throw new Error('socket closed');
    };
    expect(await reasonOf(retrier.run(work, { signal: outer.signal }))).toBe('enough');
    expect(clock.pending).toBe(0);
    expect(retrier.budget.balance).toBe(10);
  });

  test('an abort in backoff rejects within a tick, and leaves no timer, slot or listener', async () => {
    const { clock, retrier } = manual({ backoff: slow });
    const outer = new AbortController();
    const running = retrier.run(failing(new Error('out')), { signal: outer.signal });
    await turn();
    expect([clock.pending, retrier.budget.balance]).toEqual([1, 9]);
    let reason: unknown = 'pending';
    running.catch((error) => {
      reason = error;
    });
    outer.abort(undefined);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(reason).toBe(outer.signal.reason);
    expect([clock.pending, retrier.budget.balance]).toEqual([0, 10]);
    expect(listenersOf(outer.signal)).toBe(0);
  });

  test('an abort in the same moment as the end of a backoff is still one: nothing is sent', async () => {
    const { clock, retrier } = manual({ backoff: slow });
    const outer = new AbortController();
    const work = failing(new Error('out'));
    const running = retrier.run(work, { signal: outer.signal });
    await turn();
    clock.advance(100);
    outer.abort('enough');
    expect(await endOf(running)).toEqual({ reason: 'enough' });
    expect([work.calls, retrier.budget.balance]).toEqual([1, 10]);
  });

  test('a signal that was aborted before ends the run before anything is called', async () => {
    for (const nested of ['single', 'independent'] as const) {
      const { retrier } = hasty({ nested, budget: undefined });
      const work = failing();
      const signal = AbortSignal.abort('gone');
      expect(await reasonOf(retrier.run(work, { signal }))).toBe('gone');
      expect(work.calls).toBe(0);
    }
  });

  test('a run that ends by itself leaves no listener on the signal that it was given', async () => {
    const { clock, retrier } = manual({ backoff: slow, attemptTimeoutMs: 1_000 });
    const { signal } = new AbortController();
    await retrier.run(failing(), { signal });
    await settled(clock, retrier.run(failing(1, 2), { signal }), 50);
    await settled(clock, retrier.run(failing(1, 2, 3, 4), { signal }), 50);
    expect(listenersOf(signal)).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('an attempt that ends at its own abort is judged as its time-out, not as an abort', async () => {
    const { clock, retrier } = manual({ attemptTimeoutMs: 50, backoff: slow });
    const obeys = ({ attempt, signal }: RetryAttempt) => {
      if (attempt > 1) return 'done';
      return new Promise<string>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    };
    expect(await settled(clock, retrier.run(obeys))).toMatchObject({ value: 'done' });
  });

  test('on the real clock an abort in backoff ends a run that would have slept for an hour', async () => {
    const retrier = createRetrier({ backoff: custom(() => 3_600_000) });
    const outer = new AbortController();
    const running = retrier.run(failing(new Error('out')), { signal: outer.signal });
    await turn();
    outer.abort('enough');
    expect(await endOf(running)).toEqual({ reason: 'enough' });
    expect(retrier.budget.balance).toBe(10);
  });
});
