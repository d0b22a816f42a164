import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createFencedLock,
  type LeaseStore,
  memoryLeaseStore,
  StoreUnavailableError,
} from '../src/index.js';
import { isEmpty, startMs, turn } from './lock-fixtures.js';
import { createTraffic } from './traffic.js';

const leaseMs = 100;

/** What becomes of one question: its reply comes, or one of the two is lost. */
type Fate = 'ok' | 'question lost' | 'reply lost' | 'overtaken';

/** A caller, and what makes it go before it is served. */
interface Caller {
  readonly goes: 'never' | 'by its signal' | 'by its limit';
  readonly tries: boolean;
}

const anyCallers: fc.Arbitrary<Caller[]> = fc.array(
  fc.record({
    goes: fc.constantFrom('never', 'by its signal', 'by its limit'),
    tries: fc.constantFrom(false, false, true),
  }),
  { minLength: 1, maxLength: 5 },
);

const anyFates: fc.Arbitrary<Fate[]> = fc.array(
  fc.constantFrom('ok', 'ok', 'question lost', 'reply lost', 'overtaken'),
  { maxLength: 6 },
);

/**
 * A store whose questions arrive in their order, and whose acquires meet their fates. One that is
 * overtaken is given up for lost, and arrives after all.
 */
function createRemote(scheduler: fc.Scheduler, memory: LeaseStore, fates: readonly Fate[]) {
  const traffic = createTraffic(scheduler, true);
  const lost = () => new StoreUnavailableError('the wire lost it', 'unknown');
  let asked = 0;
  const store: LeaseStore = {
    ...memory,
    async acquire(request) {
      const fate = fates[asked++] ?? 'ok';
      if (fate === 'overtaken') {
        scheduler.schedule(Promise.resolve(), 'it arrives').then(() => memory.acquire(request));
        throw lost();
      }
      await traffic.question('acquire');
      if (fate === 'question lost') throw lost();
      const answer = await memory.acquire(request);
      await traffic.reply(answer.status);
      if (fate === 'reply lost') throw lost();
      return answer;
    },
    async release(request) {
      await traffic.question('release');
      return memory.release(request);
    },
    async leave(request) {
      await traffic.question('leave');
      return memory.leave(request);
    },
  };
  return store;
}

/** Plays callers who give up at any moment; whoever is served gives the lock back at once. */
async function play(scheduler: fc.Scheduler, callers: readonly Caller[], fates: readonly Fate[]) {
  const clock = createManualClock(startMs);
  const memory = memoryLeaseStore({ clock, maxKeys: 1 });
  const store = createRemote(scheduler, memory, fates);
  const lock = createFencedLock({ leaseMs, clock, store, random: () => 0.5 });
  const endings: string[] = [];
  const come = async ({ goes, tries }: Caller) => {
    const leaving = new AbortController();
    const { signal } = leaving;
    if (goes === 'by its signal') {
      scheduler.schedule(Promise.resolve(), 'goes').then(() => leaving.abort('gone'));
    }
    const waitMs = goes === 'by its limit' ? 30 : undefined;
    try {
      const asked = tries
        ? lock.tryAcquire('k', { signal })
        : lock.acquire('k', { signal, waitMs });
      endings.push((await (await asked)?.release()) ?? 'held');
    } catch (error) {
      endings.push((error as { code?: string }).code ?? String(error));
    }
  };
  for (const caller of callers) come(caller);
  for (let ticks = 0; ticks < 200 && endings.length < callers.length; ticks += 1) {
    scheduler.schedule(Promise.resolve(), 'time passes').then(() => clock.advance(10));
    await scheduler.waitIdle();
    await turn();
  }
  return { clock, memory, endings };
}

describe('4. What nobody waits for is given back, in every interleaving', () => {
  test('at once, where the store is reached', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anyCallers, async (scheduler, callers) => {
        const { memory, endings } = await play(scheduler, callers, []);
        expect(endings).toHaveLength(callers.length);
        await scheduler.waitIdle();
        await turn();
        expect(await isEmpty(memory)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('by the end of the lease, where questions and replies are lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anyCallers, anyFates, async (scheduler, callers, fates) => {
        const { clock, memory, endings } = await play(scheduler, callers, fates);
        expect(endings).toHaveLength(callers.length);
        // Whoever overtook it may have been offered the lock, for half a second.
        for (let ms = 0; ms < leaseMs + 500; ms += 5) {
          await scheduler.waitIdle();
          await turn();
          clock.advance(5);
        }
        expect(await isEmpty(memory)).toBe(true);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
