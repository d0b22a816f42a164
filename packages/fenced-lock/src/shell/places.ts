import type { LeaseStore } from '../store.js';
import type { Lines } from './line.js';

/** The places that the callers of one lock, under the name of one waiter, have in the store. */
export interface Places {
  /** The waiter may stand in the line of this key from now on. */
  took(key: string): void;
  /** The waiter stands there no more: it has the lock. */
  served(key: string): void;
  /** Leaves the line, unless another caller of this process has taken over the place. */
  leave(key: string): void;
}

/** Creates the places of one waiter. */
export function createPlaces(store: LeaseStore, waiter: string, lines: Lines): Places {
  const taken = new Set<string>();
  return {
    took: (key) => void taken.add(key),
    served: (key) => void taken.delete(key),
    leave(key) {
      if (lines.has(key) || !taken.delete(key)) return;
      store.leave({ key, waiter }).catch(() => {});
    },
  };
}
