import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFencedLock, type LeaseStore, memoryLeaseStore } from '../src/index.js';
import {
  createWitness,
  isEmpty,
  leaseMs,
  outcomeOf,
  pass,
  startMs,
  turn,
} from './lock-fixtures.js';

/** A store whose questions and replies to renewals and releases travel in any order. */
function scheduled(scheduler: fc.Scheduler, memory: LeaseStore): LeaseStore {
  return {
    ...memory,
    ordered: undefined,
    async renew(request) {
      await scheduler.schedule(Promise.resolve(), 'question: renew');
      const answer = await memory.renew(request);
      await scheduler.schedule(Promise.resolve(), `reply: ${answer}`);
      return answer;
    },
    async release(request) {
      await scheduler.schedule(Promise.resolve(), 'question: release');
      const answer = await memory.release(request);
      await scheduler.schedule(Promise.resolve(), `reply: ${answer}`);
      return answer;
    },
  };
}

/** A lease with renewals of its own and by hand on their way, and a release at some moment. */
async function play(scheduler: fc.Scheduler, renewals: number) {
  const clock = createManualClock(startMs);
  const memory = memoryLeaseStore({ clock, maxKeys: 1 });
  const { observer, story } = createWitness(clock);
  const store = scheduled(scheduler, memory);
  const lock = createFencedLock({ leaseMs, clock, store, observer, random: () => 0.5 });
  const lease = await lock.acquire('ledger', { autoRenew: true });
  await pass(clock, leaseMs / 3);
  const sometime = (what: string) => scheduler.schedule(Promise.resolve(), what);
  const asked = Array.from({ length: renewals }, () =>
    sometime('renew by hand').then(() => outcomeOf(lease.renew())),
  );
  const released = sometime('release').then(() => lease.release());
  await scheduler.waitIdle();
  return { clock, memory, story, lease, released, outcomes: await Promise.all(asked) };
}

describe('3. Release racing a renewal, in either order', () => {
  test('ends with the key absent and no loss event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat({ max: 3 }), async (scheduler, renewals) => {
        const { clock, memory, story, lease, released } = await play(scheduler, renewals);
        expect(await released).toBe('released');
        expect(await isEmpty(memory)).toBe(true);
        await pass(clock, 2 * leaseMs, leaseMs / 10);
        await scheduler.waitIdle();
        expect(lease.signal.aborted).toBe(false);
        const others = story.filter((event) => !/: (acquired|renewed|released) /.test(event));
        expect(others).toEqual([]);
        expect(clock.pending).toBe(0);
        expect(await isEmpty(memory)).toBe(true);
      }),
    );
  });

  test('a renewal by hand is granted, or told that the lease was released', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat({ max: 3 }), async (scheduler, renewals) => {
        const { outcomes } = await play(scheduler, renewals);
        await turn();
        for (const outcome of outcomes) {
          if ('value' in (outcome as object)) continue;
          expect(outcome).toMatchObject({ reason: { code: 'LEASE_LOST', reason: 'released' } });
        }
      }),
    );
  });
});
