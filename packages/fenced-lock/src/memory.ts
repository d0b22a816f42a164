import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger } from '@gabion/contract';
import { nextFence } from './core/fence.js';
import { claim, leave, release, renew, type Slot, type Step, standing } from './core/slot.js';
import { StoreFullError } from './errors.js';
import type { LeaseStore, Wake } from './store.js';

/** Options of {@link memoryLeaseStore}. */
export interface MemoryLeaseStoreOptions {
  /** The most locks held at one time, from 1; one more is refused. @defaultValue 100 000 */
  readonly maxKeys?: number | undefined;
  /**
   * The store's clock: leases are counted on `now`, fences on `wallNow`.
   * @defaultValue systemClock
   */
  readonly clock?: Clock | undefined;
}

const defaults = Object.freeze({ maxKeys: 100_000 });

/**
 * Creates a store in this process: the reference that the others are held to, and a lock for one
 * process. A lease that was never released is forgotten when its time is up.
 *
 * @throws TypeError | RangeError for an option that is not what it says.
 */
export function memoryLeaseStore({
  maxKeys = defaults.maxKeys,
  clock = systemClock,
}: MemoryLeaseStoreOptions = {}): LeaseStore {
  requireInteger('memoryLeaseStore', 'maxKeys', maxKeys, { min: 1 });
  const { look, put, requireRoom } = createShelf(maxKeys, clock);
  const listeners = new Set<(wake: Wake | 'all') => void>();
  let counter = 0;

  function step<Answer>(key: string, { slot, answer, wake }: Step<Answer>): Answer {
    put(key, slot);
    // After the caller's own step, as a message from a server would come.
    if (wake !== undefined) {
      queueMicrotask(() => {
        for (const listener of listeners) listener({ key, waiter: wake });
      });
    }
    return answer;
  }

  return {
    ordered: true,
    async acquire(request) {
      const { key, floor = 0 } = request;
      requireRoom(key);
      const nowMs = clock.now();
      const mint = () => {
        counter = nextFence(counter, Math.floor(clock.wallNow() * 1_000), floor);
        return counter;
      };
      const answer = step(key, claim(look(key), request, nowMs, mint));
      return 'fence' in answer
        ? { status: 'granted', fence: answer.fence }
        : { status: 'held', heldMs: answer.heldMs };
    },
    async renew(request) {
      return step(request.key, renew(look(request.key), request, clock.now()));
    },
    async release({ key, owner }) {
      return step(key, release(look(key), owner, clock.now()));
    },
    async leave({ key, waiter }) {
      return step(key, leave(look(key), waiter, clock.now()));
    },
    onWake(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Keeps the slots of at most `maxKeys` keys. */
function createShelf(maxKeys: number, clock: Clock) {
  const slots = new Map<string, Slot>();
  /** No slot that is here now ends before this instant, as far as the last sweep saw. */
  let nextEndMs = Infinity;

  /** Forgets what has ended; a full store sweeps only when something has. */
  function sweep(): void {
    const nowMs = clock.now();
    nextEndMs = Infinity;
    for (const [key, { untilMs }] of slots) {
      if (untilMs <= nowMs) slots.delete(key);
      else nextEndMs = Math.min(nextEndMs, untilMs);
    }
  }

  return {
    look: (key: string): Slot | undefined => standing(slots.get(key), clock.now()),
    put(key: string, slot: Slot | undefined): void {
      if (slot === undefined) slots.delete(key);
      else {
        slots.set(key, slot);
        nextEndMs = Math.min(nextEndMs, slot.untilMs);
      }
    },
    requireRoom(key: string): void {
      if (slots.size < maxKeys || slots.has(key)) return;
      if (clock.now() >= nextEndMs) sweep();
      if (slots.size < maxKeys) return;
      throw new StoreFullError(`memoryLeaseStore.acquire: ${maxKeys} locks are held, the most`);
    },
  };
}
