import { leaseRemainingMs, type Moment, readMoment } from '@gabion/clock';
import { GrantedLock } from '../lease.js';
import type { AcquireAnswer, AcquireRequest } from '../store.js';
import { giveBack } from './give-back.js';
import type { Lines } from './line.js';
import type { Settings } from './options.js';
import type { Patience } from './patience.js';
import { createPlaces } from './places.js';
import { randomId } from './random-id.js';
import { createWakes } from './wakes.js';

/** One caller's request, while it has the turn of its key. */
export interface Contest {
  readonly key: string;
  readonly floor: number | undefined;
  /** Whether it stands in line when the lock is held. */
  readonly waits: boolean;
  readonly patience: Patience;
}

/** A store's answer, and when the question was sent. */
interface Answered {
  readonly answer: AcquireAnswer;
  readonly sentAt: Moment;
}

/** A waiter sleeps a little beyond the end of a lease, so that not all ask at one instant. */
const jitterMs = 25;
/** Where a store has no wake-ups, waiters ask again after half of this to all of it. */
const pollMs = 100;

/**
 * Creates whoever asks the store, one caller per key at a time. `contend` asks until the lock is
 * granted; without waiting, it resolves with `undefined` when the lock is held. It rejects when
 * the patience ends or the store fails, and gives back what the store grants all the same.
 */
export function createContender(settings: Settings, lines: Lines) {
  const { store, clock, holdMs, leaseMs } = settings;
  const waiter = `${store.waiterPrefix ?? ''}${randomId()}`;
  const wakes = createWakes(store, waiter);
  const places = createPlaces(store, waiter, lines);
  let attempts = 0;

  function ended(key: string): void {
    if (lines.next(key)) return;
    wakes.forget(key);
    places.leave(key);
    if (lines.size === 0) wakes.stop();
  }

  async function contend(contest: Contest): Promise<GrantedLock | undefined> {
    const { key, floor, waits, patience } = contest;
    attempts += 1;
    const owner = `${waiter}.${attempts}`;
    const request = { key, owner, holdMs, floor, waiter: waits ? waiter : undefined };
    let asked: Promise<Answered> | undefined;
    let uncount: (() => void) | undefined;
    try {
      for (;;) {
        patience.signal?.throwIfAborted();
        const woken = wakes.next(key);
        asked = ask(settings, request);
        const { answer, sentAt } = await patience.race(asked);
        if (answer.status === 'granted') {
          // A grant whose time was used up on its way is none: ask again, or give it back.
          if (leaseRemainingMs(clock, leaseMs, sentAt) > 0) {
            places.served(key);
            const { fence } = answer;
            return new GrantedLock({ settings, key, owner, fence, sentAt, ended });
          }
          if (!waits) throw tooLate;
          continue;
        }
        if (!waits) throw tooLate;
        places.took(key);
        uncount ??= lines.count(key);
        // Whoever begins to listen only now asks again: a wake-up may have been missed.
        if (woken === undefined && wakes.listen()) continue;
        await patience.sleep(restMs(settings, answer.heldMs), woken);
      }
    } catch (error) {
      ended(key);
      cleanUp(contest, owner, asked);
      if (error === tooLate) return undefined;
      throw error;
    } finally {
      uncount?.();
    }
  }

  /** Gives back what a question in flight may still be granted, and leaves the store's line. */
  async function cleanUp(
    { key, waits }: Contest,
    owner: string,
    asked: Promise<Answered> | undefined,
  ): Promise<void> {
    const ending = asked && (await endingOf(asked));
    if (ending === 'granted' || ending === 'unknown') await giveBack(settings, { key, owner });
    if (waits && (ending === 'held' || ending === 'unknown')) places.took(key);
    places.leave(key);
  }

  return { contend };
}

/** Asks, and once more when the reply was lost: an owner's repeated claim gets its own lock. */
async function ask(settings: Settings, request: AcquireRequest, lost?: unknown): Promise<Answered> {
  const sentAt = readMoment(settings.clock);
  try {
    return { sentAt, answer: await settings.store.acquire(request) };
  } catch (error) {
    if (lost === undefined && isUnknown(error)) return ask(settings, request, error);
    // Whatever became of the second question, the first may have been granted.
    throw lost ?? error;
  }
}

/** What became of a question that its caller has turned away from. */
function endingOf(asked: Promise<Answered>): Promise<'granted' | 'held' | 'unknown' | 'failed'> {
  return asked.then(
    ({ answer }) => answer.status,
    (error) => (isUnknown(error) ? 'unknown' : 'failed'),
  );
}

/** Until the lock may be free: told by a wake-up, or at the end of the lease, or by a poll. */
function restMs({ store, random }: Settings, heldMs: number): number {
  const untilEndMs = heldMs + random() * jitterMs;
  if (store.onWake !== undefined) return untilEndMs;
  return Math.min(untilEndMs, (pollMs / 2) * (1 + random()));
}

/** Whether a call failed that may have taken effect. */
function isUnknown(error: unknown): boolean {
  return (error as { effect?: unknown } | undefined)?.effect === 'unknown';
}

/** Not an error: the lock is held, and the caller does not wait. */
const tooLate = Symbol('too late');
