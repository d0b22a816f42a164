import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFencedLock, type Lease, type LeaseStore, memoryLeaseStore } from '../src/index.js';
import { isEmpty, startMs, turn } from './lock-fixtures.js';
import { createTraffic } from './traffic.js';

const leaseMs = 100;

/** One caller of one of two processes: how it asks, how it goes, and what it does with a lease. */
interface Caller {
  readonly process: 0 | 1;
  readonly verb: 'acquire' | 'tryAcquire' | 'run';
  readonly waitMs: number | undefined;
  readonly comesLater: boolean;
  readonly leaves: boolean;
  /** It gives the lock back, renews and gives it back, or forgets it until it has expired. */
  readonly next: 'releases' | 'renews' | 'forgets';
}

const anyCallers: fc.Arbitrary<Caller[]> = fc.array(
  fc.record({
    process: fc.constantFrom(0, 0, 1),
    verb: fc.constantFrom('acquire', 'acquire', 'tryAcquire', 'run'),
    waitMs: fc.constantFrom(undefined, undefined, 0, 30, 150),
    comesLater: fc.boolean(),
    leaves: fc.constantFrom(false, false, true),
    next: fc.constantFrom('releases', 'releases', 'renews', 'forgets'),
  }),
  { minLength: 1, maxLength: 6 },
);

/** What happened to one caller; `fence` where it had the lock. */
type Ending = Caller & { readonly how: string; readonly fence?: number };

/**
 * A store whose questions and replies travel as they please: replies past each other, and
 * questions too unless the store is ordered. `granted` are the fences in the order of the grants.
 */
function createRemote(scheduler: fc.Scheduler, memory: LeaseStore, ordered: boolean) {
  const granted: number[] = [];
  const traffic = createTraffic(scheduler, ordered);
  function travel<Request, Answer>(verb: string, ask: (request: Request) => Promise<Answer>) {
    return async (request: Request): Promise<Answer> => {
      await traffic.question(verb);
      const answer = await ask(request);
      await traffic.reply(verb);
      return answer;
    };
  }
  const acquire: LeaseStore['acquire'] = async (request) => {
    const answer = await memory.acquire(request);
    if (answer.status === 'granted') granted.push(answer.fence);
    return answer;
  };
  const store: LeaseStore = {
    ordered,
    acquire: travel('acquire', acquire),
    renew: travel('renew', memory.renew),
    release: travel('release', memory.release),
    leave: travel('leave', memory.leave),
    onWake: memory.onWake,
  };
  return { store, granted };
}

/** Plays callers of two processes while everything happens in any order. */
async function play(scheduler: fc.Scheduler, callers: readonly Caller[], ordered: boolean) {
  const clock = createManualClock(startMs);
  const memory = memoryLeaseStore({ clock, maxKeys: 1 });
  const { store, granted } = createRemote(scheduler, memory, ordered);
  const locks = [0, 1].map(() => createFencedLock({ leaseMs, clock, store, random: () => 0.5 }));
  /** Whoever holds the lock by its own clocks, at this instant. */
  const holders = new Set<Lease>();
  const overlaps: string[] = [];
  const endings: Ending[] = [];
  const sometime = (what: string) => scheduler.schedule(Promise.resolve(), what);
  const hold = async (lease: Lease, caller: Caller): Promise<string> => {
    for (const other of holders) {
      if (other.remainingMs > 0) overlaps.push(`${other.fence} and ${lease.fence}`);
    }
    holders.add(lease);
    await sometime('works');
    if (caller.next === 'renews') await lease.renew();
    if (caller.next === 'forgets') return 'forgot';
    return caller.verb === 'run' ? 'ran' : lease.release();
  };
  const come = async (caller: Caller, lock: ReturnType<typeof createFencedLock>) => {
    const { waitMs, verb } = caller;
    const leaving = new AbortController();
    if (caller.leaves) sometime('goes').then(() => leaving.abort('gone'));
    const options = { waitMs, signal: leaving.signal };
    let fence: number | undefined;
    const had = (lease: Lease) => {
      fence = lease.fence;
      return hold(lease, caller);
    };
    try {
      if (verb === 'run') return { how: await lock.run('k', had, options), fence };
      const lease = await (verb === 'acquire'
        ? lock.acquire('k', options)
        : lock.tryAcquire('k', { signal: leaving.signal }));
      return { how: lease === null ? 'held' : await had(lease), fence };
    } catch (error) {
      return { how: (error as { code?: string }).code ?? String(error), fence };
    }
  };
  const begin = (caller: Caller) =>
    come(caller, locks[caller.process] as (typeof locks)[0]).then(({ how, fence }) => {
      endings.push({ ...caller, how, ...(fence !== undefined && { fence }) });
    });
  for (const caller of callers) {
    if (caller.comesLater) sometime('one comes').then(() => begin(caller));
    else begin(caller);
  }
  // Time passes at any moment too, and goes on until nobody waits for it.
  for (let ticks = 0; ticks < 400; ticks += 1) {
    sometime('time passes').then(() => clock.advance(10));
    await scheduler.waitIdle();
    await turn();
    if (endings.length === callers.length && clock.pending === 0) break;
  }
  return { clock, memory, granted, overlaps, endings, ordered };
}

type Played = Awaited<ReturnType<typeof play>>;

function inEveryInterleaving(
  check: (played: Played, callers: readonly Caller[]) => void | Promise<void>,
) {
  const arbitraries = [fc.scheduler(), anyCallers, fc.boolean()] as const;
  const property = fc.asyncProperty(...arbitraries, async (scheduler, callers, ordered) => {
    await check(await play(scheduler, callers, ordered), callers);
  });
  return fc.assert(property, { numRuns: 300 });
}

describe('in every interleaving of acquire, release, abort and expiry', () => {
  test('nobody hangs, and everyone ends as it may', async () => {
    await inEveryInterleaving(({ endings }, callers) => {
      expect(endings).toHaveLength(callers.length);
      for (const { how, verb, waitMs, leaves, next, fence } of endings) {
        const may = ['LEASE_LOST'];
        if (leaves) may.push('gone');
        if (verb === 'tryAcquire') may.push('held');
        else if (waitMs !== undefined) may.push('LOCK_TIMEOUT');
        if (fence !== undefined) {
          if (next === 'forgets') may.push('forgot');
          else may.push('released', 'not-held', 'ran');
        }
        expect(may).toContain(how);
      }
    });
  });

  test('no two hold the lock at one time, by their own clocks', async () => {
    await inEveryInterleaving(({ overlaps }) => {
      expect(overlaps).toEqual([]);
    });
  });

  test('each grant has a greater fence than those before, and no two callers share one', async () => {
    await inEveryInterleaving(({ granted, endings }) => {
      expect(granted).toEqual([...granted].sort((a, b) => a - b));
      const fences = endings.flatMap(({ fence }) => fence ?? []);
      expect(new Set(fences).size).toBe(fences.length);
      for (const fence of fences) expect(granted).toContain(fence);
    });
  });

  test('nothing is left: no timer, no lock, no place in a line', async () => {
    await inEveryInterleaving(async ({ clock, memory, endings, ordered }) => {
      expect(clock.pending).toBe(0);
      // What was not given back ends with its time. Where questions pass each other a place may
      // be taken that nobody knows of: it is offered once, for half a second.
      const givenBack = endings.every(({ how }) => !['forgot', 'LEASE_LOST'].includes(how));
      if (!ordered || !givenBack) clock.advance(500);
      expect(await isEmpty(memory)).toBe(true);
    });
  });
});
