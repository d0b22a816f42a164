import { getEventListeners } from 'node:events';
import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createRetrier,
  createRetryBudget,
  type RetryAttempt,
  type RetryBudgetOptions,
  type RetryObserver,
} from '../src/index.js';
import { turn } from './run-fixtures.js';

type Kind = 'ok' | 'fail' | 'hang' | 'busy';

/** One who runs: how its attempts go, and whether it goes away at some moment. */
interface Caller {
  readonly attempts: readonly Kind[];
  readonly leaves: boolean;
  readonly comesLater: boolean;
}

const anyCallers: fc.Arbitrary<Caller[]> = fc.array(
  fc.record({
    attempts: fc.array(fc.constantFrom('ok', 'fail', 'fail', 'hang', 'busy'), {
      minLength: 1,
      maxLength: 4,
    }),
    leaves: fc.boolean(),
    comesLater: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

const anyBudget: fc.Arbitrary<RetryBudgetOptions> = fc.constantFrom(
  { deposit: 'success', ratio: 0, reserve: 3 },
  { deposit: 'request', ratio: 0, windowMs: 60_000, minRetriesPerSecond: 0 },
  { deposit: 'concurrency', ratio: 0, minConcurrent: 2 },
);

interface Ending {
  readonly caller: Caller;
  readonly leaving: AbortController;
  readonly how: 'value' | 'reason of its signal' | 'failure';
}

/** Plays the callers while attempts end, time passes and callers leave in any order. */
async function play(
  scheduler: fc.Scheduler,
  callers: readonly Caller[],
  budgetOptions: RetryBudgetOptions,
) {
  const clock = createManualClock();
  const budget = createRetryBudget({ ...budgetOptions, clock } as RetryBudgetOptions);
  const full = budget.balance;
  const observed: string[] = [];
  const observer: RetryObserver = {
    retryScheduled: () => void observed.push('scheduled'),
    gaveUp: () => void observed.push('gave up'),
  };
  const retrier = createRetrier({
    clock,
    budget,
    observer,
    attemptTimeoutMs: 30,
    deadlineMs: 200,
    throttledCost: 0.5,
    backoff: (n) => 10 * (n + 1),
    random: () => 0.5,
    classify: (error) => (error === 'busy' ? { kind: 'throttled', retryAfterMs: 15 } : 'retry'),
  });
  const endings: Ending[] = [];
  let startedAfterLeaving = 0;
  let retriesUnderWay = 0;
  let mostUnderWay = 0;
  const sometime = (what: string) => scheduler.schedule(Promise.resolve(), what);

  async function attempt(kind: Kind, { attempt: number, signal }: RetryAttempt): Promise<Kind> {
    let counted = number > 1;
    if (counted) retriesUnderWay += 1;
    mostUnderWay = Math.max(mostUnderWay, retriesUnderWay);
    const leave = () => {
      if (counted) retriesUnderWay -= 1;
      counted = false;
    };
    // One that hangs goes on after it was given up, but its slot is another's then.
    signal.addEventListener('abort', leave);
    if (kind === 'hang') await clock.sleep(35);
    await sometime(`attempt ${number} ends: ${kind}`);
    leave();
    if (kind !== 'ok') throw kind;
    return kind;
  }

  function come(caller: Caller): void {
    const leaving = new AbortController();
    if (caller.leaves) sometime('one leaves').then(() => leaving.abort(leaving));
    const end = (how: Ending['how']) => void endings.push({ caller, leaving, how });
    retrier
      .run((its) => {
        if (leaving.signal.aborted) startedAfterLeaving += 1;
        return attempt(caller.attempts[its.attempt - 1] ?? 'ok', its);
      }, leaving)
      .then(
        () => end('value'),
        (error) => end(error === leaving ? 'reason of its signal' : 'failure'),
      );
  }

  for (const caller of callers) {
    if (caller.comesLater) sometime('one comes').then(() => come(caller));
    else come(caller);
  }
  for (let ticks = 0; ticks < 200 && endings.length < callers.length; ticks += 1) {
    sometime('time passes').then(() => clock.advance(5));
    await scheduler.waitIdle();
    await turn();
  }
  // Attempts that were given up may still hang about on the clock.
  clock.advance(1_000);
  await scheduler.waitIdle();
  await turn();
  return { clock, budget, full, endings, observed, mostUnderWay, startedAfterLeaving };
}

type Played = Awaited<ReturnType<typeof play>>;

function inEveryInterleaving(check: (played: Played, callers: readonly Caller[]) => void) {
  const property = fc.asyncProperty(
    fc.scheduler(),
    anyCallers,
    anyBudget,
    async (scheduler, callers, options) => check(await play(scheduler, callers, options), callers),
  );
  return fc.assert(property, { numRuns: 150 });
}

describe('6. The deadline covers everything, and an abort leaves nothing behind', () => {
  test('in every interleaving each run ends once, and no timer and no listener is left', async () => {
    await inEveryInterleaving(({ clock, endings }, callers) => {
      expect(endings).toHaveLength(callers.length);
      expect(clock.pending).toBe(0);
      for (const { leaving } of endings) {
        expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
      }
    });
  });

  test('in every interleaving no attempt begins for who has left, and nobody else is told of it', async () => {
    await inEveryInterleaving(({ endings, startedAfterLeaving }) => {
      expect(startedAfterLeaving).toBe(0);
      for (const { leaving, how } of endings) {
        if (how === 'reason of its signal') expect(leaving.signal.aborted).toBe(true);
      }
    });
  });
});

describe('1. Amplification is capped', () => {
  test('in every interleaving what slept and never started is returned: no slot is lost, none is minted', async () => {
    await inEveryInterleaving(({ budget, full, observed, endings }) => {
      if (budget.deposit !== 'success') {
        expect(budget.balance).toBe(full);
        return;
      }
      // With a ratio of 0 nothing is paid in, so what is missing is what retries took, at most.
      const scheduled = observed.filter((one) => one === 'scheduled').length;
      const left = endings.filter(({ how }) => how === 'reason of its signal').length;
      expect(budget.balance).toBeLessThanOrEqual(full);
      expect(budget.balance).toBeGreaterThanOrEqual(0);
      if (scheduled <= left) return;
      expect(budget.balance).toBeLessThanOrEqual(full - (scheduled - left) / 2);
    });
  });

  test("in every interleaving no more retries are under way than 'concurrency' allows", async () => {
    await inEveryInterleaving(({ budget, mostUnderWay }) => {
      // Two whole ones, or four throttled ones at half the cost.
      if (budget.deposit === 'concurrency') expect(mostUnderWay).toBeLessThanOrEqual(4);
    });
  });
});
