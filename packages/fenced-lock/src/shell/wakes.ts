import type { LeaseStore } from '../store.js';

/** The wake-ups of one lock: who sleeps, and what ends the sleep. */
export interface Wakes {
  /**
   * Begins to listen, unless it does already; false where the store cannot tell. Whoever asked
   * before that may have missed a wake-up, and should ask once more before it sleeps.
   */
  listen(): boolean;
  /** Ends the listening; called when nobody waits any more. */
  stop(): void;
  /**
   * A signal that aborts at the next wake-up for the key; taken before the store is asked, so that
   * one that comes before the answer counts. `undefined` while nobody listens.
   */
  next(key: string): AbortSignal | undefined;
  /** Forgets the sleeper of a key. */
  forget(key: string): void;
}

/** Creates the wake-ups for one waiter: every caller of a lock waits under the same name. */
export function createWakes(store: LeaseStore, waiter: string): Wakes {
  const sleepers = new Map<string, AbortController>();
  let off: (() => void) | undefined;

  function wake(key: string): void {
    const sleeper = sleepers.get(key);
    sleepers.delete(key);
    sleeper?.abort();
  }

  return {
    listen() {
      off ??= store.onWake?.((woken) => {
        if (woken === 'all') for (const key of [...sleepers.keys()]) wake(key);
        else if (woken.waiter === waiter) wake(woken.key);
      });
      return off !== undefined;
    },
    stop() {
      off?.();
      off = undefined;
      sleepers.clear();
    },
    forget: (key) => sleepers.delete(key),
    next(key) {
      if (off === undefined) return undefined;
      let sleeper = sleepers.get(key);
      if (sleeper === undefined) {
        sleeper = new AbortController();
        sleepers.set(key, sleeper);
      }
      return sleeper.signal;
    },
  };
}
