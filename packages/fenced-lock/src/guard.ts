import { requireInteger, requireKey, show } from '@gabion/contract';
import { StaleFenceError } from './errors.js';
import type { StoreCallOptions } from './store.js';

/**
 * Where the marks live: for each name the highest fence seen. Marks are never forgotten; what
 * could forget one lets a zombie write.
 */
export interface FenceStore {
  /** Raises the mark to `fence` if it is lower, in one atomic step; resolves with the mark. */
  advance(name: string, fence: number, options?: StoreCallOptions): Promise<number>;
  /** Resolves with the mark; 0 when there is none. */
  highest(name: string, options?: StoreCallOptions): Promise<number>;
}

/**
 * The resource's side of the lock. It protects only where the check and the write are one step
 * (`fencedSet`, `fenceInTransaction`), or where the guarded thing itself compares fences.
 */
export interface FenceGuard {
  /**
   * Accepts no older fence from here on. Call it after acquiring and before the first read: then
   * no write of an earlier holder can land between the read and the write.
   *
   * @throws StaleFenceError when a later fence was seen already.
   */
  advance(name: string, fence: number): Promise<void>;
  /**
   * Returns if no later fence was seen; raises nothing.
   *
   * @throws StaleFenceError otherwise.
   */
  check(name: string, fence: number): Promise<void>;
}

/** The longest name of a mark, in UTF-16 code units. */
export const longestName = 1_024;

/** Creates a guard over a store of marks. */
export function createFenceGuard(store: FenceStore): FenceGuard {
  if (typeof store?.advance !== 'function') {
    throw new TypeError(`createFenceGuard: store must be a fence store, got ${show(store)}`);
  }
  return {
    async advance(name, fence) {
      requireMark('advance', name, fence);
      refuseOlder('advance', name, fence, await store.advance(name, fence));
    },
    async check(name, fence) {
      requireMark('check', name, fence);
      refuseOlder('check', name, fence, await store.highest(name));
    },
  };
}

/** Checks the arguments that every verb of the resource's side takes. */
export function requireMark(fn: string, name: unknown, fence: unknown): void {
  const text = requireKey(fn, 'name', name, longestName);
  if (!text.isWellFormed()) {
    throw new RangeError(`${fn}: name must be well-formed Unicode, got ${show(text)}`);
  }
  requireInteger(fn, 'fence', fence, { min: 1 });
}

/** The rule itself: equal passes, older does not. */
export function refuseOlder(fn: string, name: string, fence: number, highest: number): void {
  if (fence < highest) throw new StaleFenceError(fn, name, fence, highest);
}
