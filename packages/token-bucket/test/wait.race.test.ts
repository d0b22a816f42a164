import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BucketStore, createTokenBucket, memoryBucketStore } from '../src/index.js';
import { type Admission, overAdmission } from './model.js';
import { startMs, turn } from './shell-fixtures.js';

const limit = { capacity: 3, tokens: 1, everyMs: 10 };

/**
 * One who waits: for how many tokens and how long, and whether it comes, and goes away, at some
 * moment in between.
 */
interface Caller {
  readonly key: string;
  readonly cost: number;
  readonly waitMs: number;
  readonly comesLater: boolean;
  readonly leaves: boolean;
}

const anyCallers: fc.Arbitrary<Caller[]> = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'a', 'b'),
    cost: fc.integer({ min: 1, max: 4 }),
    waitMs: fc.constantFrom(0, 5, 20, 40, Infinity, Infinity),
    comesLater: fc.boolean(),
    leaves: fc.constantFrom(false, false, true),
  }),
  { minLength: 1, maxLength: 6 },
);

/** A store whose questions and replies travel in any order; what it gave, less what came back. */
function createRemote(scheduler: fc.Scheduler) {
  const clock = createManualClock(startMs);
  const memory = memoryBucketStore({ clock });
  const admitted: Record<string, Admission[]> = { a: [], b: [] };
  const store: BucketStore = {
    keepsDeadlines: true,
    async take(request) {
      await scheduler.schedule(Promise.resolve(), `question of ${request.cost}`);
      const verdict = memory.takeSync(request);
      const ofKey = admitted[request.keys.join()] as Admission[];
      // Of one key one caller asks at a time, so what comes back is what was given last.
      if (request.cost < 0) ofKey.pop();
      else if (verdict.allowed && request.commit) ofKey.push({ ...verdict, cost: request.cost });
      await scheduler.schedule(Promise.resolve(), `reply to ${request.cost}`);
      return verdict;
    },
  };
  return { clock, store, admitted };
}

/** How a wait ended; `order` counts the callers as they came. */
type Ending = Caller & { readonly order: number; readonly how: string };

/** Plays callers while everything happens in any order. */
async function play(scheduler: fc.Scheduler, callers: readonly Caller[]) {
  const { clock, store, admitted } = createRemote(scheduler);
  const { capacity, tokens, everyMs } = limit;
  const bucket = createTokenBucket({ capacity, refill: { tokens, everyMs }, store, clock });
  const endings: Ending[] = [];
  const sometime = (what: string) => scheduler.schedule(Promise.resolve(), what);
  let came = 0;
  const come = (caller: Caller) => {
    const order = came++;
    const end = (how: string) => void endings.push({ ...caller, order, how });
    const leaving = new AbortController();
    const reason = { why: 'the client has gone' };
    if (caller.leaves) sometime(`${order} goes`).then(() => leaving.abort(reason));
    bucket.wait(caller.key, { ...caller, signal: leaving.signal }).then(
      ({ allowed }) => end(allowed ? 'served' : 'refused'),
      (error) => end(error === reason ? 'gone' : String(error)),
    );
  };
  for (const caller of callers) {
    if (caller.comesLater) sometime('one comes').then(() => come(caller));
    else come(caller);
  }
  // Time passes at any moment too, and goes on until nobody waits for it.
  for (let ticks = 0; ticks < 100 && endings.length < callers.length; ticks += 1) {
    sometime('time passes').then(() => clock.advance(5));
    await scheduler.waitIdle();
    await turn();
  }
  return { clock, admitted, endings };
}

type Played = Awaited<ReturnType<typeof play>>;

function inEveryInterleaving(check: (played: Played, callers: readonly Caller[]) => void) {
  const property = fc.asyncProperty(fc.scheduler(), anyCallers, async (scheduler, callers) => {
    check(await play(scheduler, callers), callers);
  });
  return fc.assert(property, { numRuns: 300 });
}

describe('wait, in every interleaving', () => {
  test('hangs nobody, and leaves nothing behind', async () => {
    await inEveryInterleaving(({ endings, clock }, callers) => {
      expect(endings).toHaveLength(callers.length);
      expect(clock.pending).toBe(0);
    });
  });

  test('serves everyone who is willing to wait, and nobody who asks for too much', async () => {
    await inEveryInterleaving(({ endings }) => {
      for (const { cost, waitMs, leaves, how } of endings) {
        const good = leaves ? ['served', 'gone'] : ['served'];
        if (cost > limit.capacity) expect(how).not.toBe('served');
        else if (waitMs === Infinity) expect(good).toContain(how);
      }
    });
  });

  test('serves the callers of a key in the order of their calls', async () => {
    await inEveryInterleaving(({ endings }) => {
      for (const key of ['a', 'b']) {
        const served = endings.filter((one) => one.key === key && one.how === 'served');
        const order = served.map((one) => one.order);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    });
  });

  test('takes what it says and no more: those who were refused or have gone took nothing', async () => {
    await inEveryInterleaving(({ endings, admitted }) => {
      for (const key of ['a', 'b']) {
        const served = endings.filter((one) => one.key === key && one.how === 'served');
        const given = admitted[key]?.map(({ cost }) => cost);
        expect(given).toEqual(served.map(({ cost }) => cost));
      }
    });
  });

  test('never admits more than the limit', async () => {
    await inEveryInterleaving(({ admitted }) => {
      for (const ofKey of Object.values(admitted)) {
        expect(overAdmission(limit, ofKey)).toBeUndefined();
      }
    });
  });
});
