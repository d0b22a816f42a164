import type { ManualClock } from '@gabion/clock/testing';
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
  /** A renewal or release by the one who was granted the key last, rather than by `who`. */
  readonly byHolder: boolean;
  readonly waits: boolean;
  readonly holdMs: number;
  /** Counted from the last fence that was granted; absent for a claim without a floor. */
  readonly floor: number | undefined;
}

/** How time goes in a history, and for how long locks are held. */
interface Pace {
  readonly passesMs: fc.Arbitrary<number>;
  readonly holdMs: fc.Arbitrary<number>;
}

/** Leases end all the time. */
const hasty: Pace = {
  passesMs: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constantFrom(1, 49, 50, 499, 500, 501) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 2_000 }) },
  ),
  holdMs: fc.constantFrom(1, 50, 500, 501, 1_000),
};

/** Lines grow, since hardly anything ends by itself. */
const calm: Pace = {
  passesMs: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(0, 0, 1) },
    { weight: 1, arbitrary: fc.constantFrom(499, 500) },
  ),
  holdMs: fc.constant(100_000),
};

const anyVerb = fc.oneof(
  { weight: 5, arbitrary: fc.constant('acquire' as const) },
  { weight: 1, arbitrary: fc.constant('renew' as const) },
  { weight: 2, arbitrary: fc.constant('release' as const) },
  { weight: 1, arbitrary: fc.constant('leave' as const) },
);

function stepsOf({ passesMs, holdMs }: Pace): fc.Arbitrary<readonly Step[]> {
  const step = fc.record({
    passesMs,
    holdMs,
    setsWallMs: fc.oneof(
      { weight: 15, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -10_000, max: 10_000 }) },
    ),
    key: fc.constantFrom('k', 'k', 'k', '{l}'),
    verb: anyVerb,
    // One name is a part of another one.
    who: fc.constantFrom('a', 'b', 'c', 'ab'),
    attempt: fc.constantFrom(1, 1, 1, 2),
    byHolder: fc.constantFrom(true, true, false),
    waits: fc.constantFrom(true, true, true, false),
    floor: fc.oneof(
      { weight: 12, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.integer({ min: -5_000_000, max: 5_000_000 }) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, 3) },
    ),
  });
  return fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });
}

/** Histories of a few processes over two keys. */
export const anyHistory: fc.Arbitrary<readonly Step[]> = fc.oneof(stepsOf(hasty), stepsOf(calm));

/** Where histories begin: leases are counted on one clock, fences on the other. */
export const startMs = 1_700_000_000_000;

/** What came before a step: the last fence, and whom each key was granted to last. */
interface Past {
  fence: number;
  readonly holders: Map<string, string>;
}

async function play(
  store: LeaseStore,
  start: string,
  { verb, who, attempt, byHolder, waits, holdMs, ...step }: Step,
  past: Past,
): Promise<unknown> {
  const key = start + step.key;
  const named = `${who}.${attempt}`;
  const owner = (byHolder && past.holders.get(step.key)) || named;
  if (verb === 'leave') return store.leave({ key, waiter: who });
  if (verb === 'release') return store.release({ key, owner });
  if (verb === 'renew') return store.renew({ key, owner, holdMs });
  const floor = step.floor === undefined ? undefined : Math.max(0, past.fence + step.floor);
  return store.acquire({ key, owner: named, holdMs, floor, waiter: waits ? who : undefined });
}

/** What the memory store answered to a history, and whom it woke. */
export interface Played {
  readonly answers: readonly unknown[];
  readonly wakes: readonly { readonly key: string; readonly waiter: string }[];
}

/** Plays a history on a memory store and on another one, whose clocks are the same. */
export async function playBoth(
  history: readonly Step[],
  clock: ManualClock,
  { store, start }: { readonly store: LeaseStore; readonly start: string },
): Promise<{ memory: Played; other: readonly unknown[] }> {
  clock.set(startMs);
  const memory = memoryLeaseStore({ clock });
  const wakes: { key: string; waiter: string }[] = [];
  memory.onWake?.((wake) => wake !== 'all' && wakes.push(wake));
  const answers: unknown[] = [];
  const other: unknown[] = [];
  const past: Past = { fence: 0, holders: new Map() };
  for (const step of history) {
    clock.advance(step.passesMs);
    clock.setWall(clock.wallNow() + step.setsWallMs);
    const answer = await play(memory, start, step, past);
    other.push(await play(store, start, step, past));
    answers.push(answer);
    const { fence } = Object(answer) as { fence?: number };
    if (fence === undefined) continue;
    past.fence = fence;
    past.holders.set(step.key, `${step.who}.${step.attempt}`);
  }
  return { memory: { answers, wakes }, other };
}
