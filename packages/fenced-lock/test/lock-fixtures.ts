import type { Clock } from '@gabion/clock';
import { createManualClock, type ManualClock } from '@gabion/clock/testing';
import {
  createFencedLock,
  type FencedLockObserver,
  type FencedLockOptions,
  type LeaseStore,
  type LockEvent,
  memoryLeaseStore,
} from '../src/index.js';
import { createWire } from './wire.js';

/** Where the clocks of these tests begin. */
export const startMs = 1_700_000_000_000;

/** The lease of these tests: a third of it, a sixth and a twentieth are whole. */
export const leaseMs = 9_000;

/** The time after which a lease is over by its holder's clocks: a hundredth and 2 ms earlier. */
export const heldForMs = leaseMs - 92;

/** Lets everything run that can: no time passes. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass in steps, and lets everything run after each. */
export async function pass(clock: ManualClock, ms: number, stepMs = ms): Promise<void> {
  await turn();
  for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
    clock.advance(Math.min(stepMs, leftMs));
    await turn();
  }
}

/** What becomes of a promise, as `Promise.allSettled` would put it. */
export function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ value }),
    (reason) => ({ reason }),
  );
}

/** What has become of a promise so far. */
export function endOf(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([outcomeOf(promise), turn().then(() => 'pending')]);
}

/** An observer that writes down when it was told what of which key, and each whole event. */
export function createWitness(clock: Clock) {
  const story: string[] = [];
  const events: object[] = [];
  type Heard = LockEvent & { readonly key?: string; readonly reason?: string };
  const hear = (what: string) => (event: Heard) => {
    const more = event.reason === undefined ? '' : ` (${event.reason})`;
    story.push(`${clock.now() - startMs}: ${what} ${event.key ?? ''}${more}`);
    events.push({ what, ...event });
  };
  const observer: FencedLockObserver = {
    acquired: hear('acquired'),
    renewed: hear('renewed'),
    renewalFailed: hear('renewalFailed'),
    lost: hear('lost'),
    released: hear('released'),
    releaseFailed: hear('releaseFailed'),
    evictionRiskFound: hear('evictionRiskFound'),
  };
  return { observer, story, events };
}

/** A lock on a memory store behind a wire, with a clock of the test's own and a witness. */
export function createWorld(options: Partial<FencedLockOptions> = {}, { maxKeys = 1 } = {}) {
  const clock = createManualClock(startMs);
  const memory = memoryLeaseStore({ clock, maxKeys });
  const wire = createWire(memory, () => clock.now() - startMs);
  const witness = createWitness(clock);
  const { observer } = witness;
  /** Another lock on the same store: another process, as far as the store can tell. */
  const another = (more: Partial<FencedLockOptions> = {}) =>
    createFencedLock({ leaseMs, clock, random: () => 0.5, ...options, store: memory, ...more });
  const lock = another({ observer, store: wire.store, ...options });
  return { clock, memory, wire, witness, lock, another };
}

/** Asks for a key, and stands in line for it, in the name of a process that dies at once. */
export function claimInVain(store: LeaseStore, key: string) {
  return store.acquire({ key, owner: 'dead.1', waiter: 'dead', holdMs: leaseMs });
}

/** When a store behind a wire was asked for a lock, in milliseconds. */
export function timesAsked({ story }: ReturnType<typeof createWire>): number[] {
  return story.filter((call) => call.includes('acquire')).map((call) => Number.parseInt(call, 10));
}

/** Whether a store keeps nothing: it has room for one key, and this is another. */
export async function isEmpty(store: LeaseStore): Promise<boolean> {
  const request = { key: 'is there room?', owner: 'examiner', holdMs: 1 };
  try {
    await store.acquire(request);
    await store.release(request);
    return true;
  } catch {
    return false;
  }
}
