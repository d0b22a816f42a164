import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger, requireKey, show } from '@gabion/contract';
import type { LeaseLostReason } from '../errors.js';
import { memoryLeaseStore } from '../memory.js';
import type { EvictionRisk, LeaseStore } from '../store.js';

/** What every event says. */
export interface LockEvent {
  /** The lock's name. */
  readonly name: string;
  /** When, in epoch milliseconds of the process's wall clock. */
  readonly atMs: number;
}

/** What happened to one lease. */
export interface LeaseEvent extends LockEvent {
  /** The key. */
  readonly key: string;
  /** The fencing token of the lease. */
  readonly fence: number;
}

/** Callbacks that are told what happened; one that throws breaks nothing. */
export interface FencedLockObserver {
  /** A lease was granted, `waitedMs` after it was asked for. */
  acquired?(event: LeaseEvent & { readonly waitedMs: number }): void;
  /** A lease was renewed. */
  renewed?(event: LeaseEvent): void;
  /** A renewal got no answer; it is tried again until the deadline. */
  renewalFailed?(event: LeaseEvent & { readonly error: unknown }): void;
  /** A lease was lost: its signal has aborted. */
  lost?(event: LeaseEvent & { readonly reason: LeaseLostReason }): void;
  /** A lease was given back. */
  released?(event: LeaseEvent): void;
  /** A lease may not have been given back; it ends with its time. */
  releaseFailed?(event: LeaseEvent & { readonly error: unknown }): void;
  /** The server may evict locks that are held, or the counter of the fences. */
  evictionRiskFound?(event: LockEvent & EvictionRisk): void;
}

/** Options of `createFencedLock`. */
export interface FencedLockOptions {
  /** What the lock is called in events and errors. @defaultValue `'fenced-lock'` */
  readonly name?: string | undefined;
  /** Where the leases live. @defaultValue `memoryLeaseStore({ clock })`: this process alone */
  readonly store?: LeaseStore | undefined;
  /**
   * How long a grant or a renewal holds, in whole milliseconds from 10 to 86 400 000 (a day).
   * A dead holder blocks the others for so long.
   * @defaultValue 10 000
   */
  readonly leaseMs?: number | undefined;
  /**
   * How long a lock stays shut after a lease that was lost, not released, in whole milliseconds
   * from 0 to 86 400 000: for resources that cannot check fences, so that what a lost holder has
   * sent may arrive first.
   * @defaultValue 0
   */
  readonly lockDelayMs?: number | undefined;
  /** The most callers that wait at one time, over all keys, from 0. @defaultValue 10 000 */
  readonly maxWaiters?: number | undefined;
  /** The clocks that leases and waits are measured on. @defaultValue `systemClock` */
  readonly clock?: Clock | undefined;
  /** Draws the jitter of renewals and polls, from 0 to below 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Is told what happens. */
  readonly observer?: FencedLockObserver | undefined;
}

/** Options of one `acquire`. */
export interface AcquireOptions {
  /**
   * The longest wait, in milliseconds from 0, which never waits; without it the call waits until
   * its signal aborts.
   */
  readonly waitMs?: number | undefined;
  /** Ends the wait: the call rejects with its reason, and what is granted later is given back. */
  readonly signal?: AbortSignal | undefined;
  /** Renews the lease until it is released or lost. @defaultValue `false`; in `run`, `true` */
  readonly autoRenew?: boolean | undefined;
  /**
   * The fence must be greater than this: the `highest` of a StaleFenceError, after the store's
   * clock or counter has gone back. 0 to 2^53 − 1.
   */
  readonly floor?: number | undefined;
}

/** The options of a lock, checked and completed. */
export interface Settings {
  readonly name: string;
  readonly store: LeaseStore;
  readonly leaseMs: number;
  readonly holdMs: number;
  readonly lockDelayMs: number;
  readonly maxWaiters: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly observer: FencedLockObserver | undefined;
}

/** The defaults of a lock. */
export const defaults = Object.freeze({
  name: 'fenced-lock',
  leaseMs: 10_000,
  lockDelayMs: 0,
  maxWaiters: 10_000,
});

const longestMs = 86_400_000;

/** The longest key, in UTF-16 code units. */
export const longestKey = 1_024;

/** Checks the options of `createFencedLock`. */
export function settle(fn: string, options: FencedLockOptions): Settings {
  const { leaseMs = defaults.leaseMs, lockDelayMs = defaults.lockDelayMs } = options;
  const { maxWaiters = defaults.maxWaiters, clock = systemClock } = options;
  const { store = memoryLeaseStore({ clock }) } = options;
  if (typeof store?.acquire !== 'function') {
    throw new TypeError(`${fn}: store must be a lease store, got ${show(store)}`);
  }
  requireInteger(fn, 'leaseMs', leaseMs, { min: 10, max: longestMs });
  requireInteger(fn, 'lockDelayMs', lockDelayMs, { min: 0, max: longestMs });
  return {
    name: requireKey(fn, 'name', options.name ?? defaults.name, 256),
    store,
    leaseMs,
    lockDelayMs,
    // The store keeps the key shut for the delay as well; only a release opens it sooner.
    holdMs: leaseMs + lockDelayMs,
    maxWaiters: requireInteger(fn, 'maxWaiters', maxWaiters, { min: 0 }),
    clock,
    random: options.random ?? Math.random,
    observer: options.observer,
  };
}
