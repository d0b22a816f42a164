import type { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { memoryLeaseStore } from '../src/memory.js';
import type { LeaseStore } from '../src/store.js';

/** One step of a history: time passes, then somebody asks something about a key. */
export interface Step {
  readonly passesMs: number;
  /** How far the wall clock is set, in milliseconds; mostly not at all. */
  readonly setsWallMs: number;
  readonly key: string;
  readonly verb: 'acquire' | 'renew' | 'release' | 'leave';
  /** A process, whose waiter has its name, and which of its attempts to acquire. */
  readonly who: string;
  readonly attempt: number;
  readonly waits: boolean;
  readonly holdMs: number;
  /** Counted from the last fence that was granted; absent for a claim without a floor. */
  readonly floor: number | undefined;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  passesMs: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.constantFrom(1, 49, 50, 499, 500, 501) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 2_000 }) },
  ),
  setsWallMs: fc.oneof(
    { weight: 15, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -10_000, max: 10_000 }) },
  ),
  key: fc.constantFrom('k', 'k', 'k', '{l}'),
  verb: fc.constantFrom(
    'acquire',
    'acquire',
    'acquire',
    'acquire',
    'renew',
    'release',
    'release',
    'leave',
  ),
  who: fc.constantFrom('a', 'b', 'c', 'ab'),
  attempt: fc.constantFrom(1, 1, 1, 2),
  waits: fc.constantFrom(true, true, false),
  holdMs: fc.constantFrom(1, 50, 500, 501, 1_000, 100_000),
  floor: fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: -5_000_000, max: 5_000_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, 3) },
  ),
});

/** Histories of a few processes over two keys. */
export const anyHistory: fc.Arbitrary<readonly Step[]> = fc.array(anyStep, {
  minLength: 1,
  maxLength: 50,
});

/** Where histories begin: leases are counted on one clock, fences on the other. */
export const startMs = 1_700_000_000_000;

/** Plays a step on a store whose keys begin with `start`. */
async function play(
  store: LeaseStore,
  start: string,
  { verb, who, attempt, waits, holdMs, ...step }: Step,
  lastFence: number,
): Promise<unknown> {
  const key = start + step.key;
  const owner = `${who}.${attempt}`;
  if (verb === 'leave') return store.leave({ key, waiter: who });
  if (verb === 'release') return store.release({ key, owner });
  if (verb === 'renew') return store.renew({ key, owner, holdMs });
  const floor = step.floor === undefined ? undefined : Math.max(0, lastFence + step.floor);
  return store.acquire({ key, owner, holdMs, floor, waiter: waits ? who : undefined });
}

/** What was answered to a history, and who was woken. */
export interface Played {
  readonly answers: readonly unknown[];
  readonly wakes: readonly { readonly key: string; readonly waiter: string }[];
}

/** Plays a history on a memory store and on another one, whose clocks are the same. */
export async function playBoth(
  history: readonly Step[],
  clock: ReturnType<typeof createManualClock>,
  { store, start }: { readonly store: LeaseStore; readonly start: string },
): Promise<{ memory: Played; other: readonly unknown[] }> {
  clock.set(startMs);
  const memory = memoryLeaseStore({ clock });
  const wakes: { key: string; waiter: string }[] = [];
  memory.onWake?.((wake) => wake !== 'all' && wakes.push(wake));
  const answers: unknown[] = [];
  const other: unknown[] = [];
  let lastFence = 0;
  for (const step of history) {
    clock.advance(step.passesMs);
    clock.setWall(clock.wallNow() + step.setsWallMs);
    const answer = await play(memory, start, step, lastFence);
    other.push(await play(store, start, step, lastFence));
    answers.push(answer);
    lastFence = (answer as { fence?: number } | undefined)?.fence ?? lastFence;
  }
  return { memory: { answers, wakes }, other };
}
