/** A request for the lock of one key. */
export interface AcquireRequest {
  /** The key, as the user wrote it. */
  readonly key: string;
  /** One attempt to acquire; unique, made of letters, digits, `.`, `_` and `-`. */
  readonly owner: string;
  /** How long the store keeps the lock for this owner, in whole milliseconds. */
  readonly holdMs: number;
  /** The fence must be greater than this one. */
  readonly floor?: number | undefined;
  /**
   * Stands in line as this waiter when the lock is held; absent for a caller who will not wait.
   * Made of the same letters as `owner`.
   */
  readonly waiter?: string | undefined;
}

/** The lock was granted. */
export interface GrantedLease {
  /** It is the caller's. */
  readonly status: 'granted';
  /** The fencing token of the grant: a safe integer above 0. */
  readonly fence: number;
}

/** Another holds the lock, or it is kept for the first in line. */
export interface HeldLease {
  /** It is somebody else's. */
  readonly status: 'held';
  /** The time until it is free unless it is renewed, in milliseconds. */
  readonly heldMs: number;
}

/** The answer to an acquire. */
export type AcquireAnswer = GrantedLease | HeldLease;

/** A lock that was offered to a waiter: it may take it now. */
export interface Wake {
  /** The key of the lock. */
  readonly key: string;
  /** The waiter that it was offered to. */
  readonly waiter: string;
}

/** How long one call of a store may take. */
export interface StoreCallOptions {
  /** The longest wait for the reply, in milliseconds; the store's own `timeoutMs` caps it. */
  readonly timeoutMs?: number | undefined;
}

/** What may make a store forget locks that are held, or the counter of the fences. */
export interface EvictionRisk {
  /** The server's policy, e.g. `allkeys-lru`. */
  readonly policy: string;
  /** The memory at which it begins to evict, in bytes; 0 for none so far. */
  readonly maxMemoryBytes: number;
}

/**
 * Where leases live: four atomic verbs. What each does to the slot of a key is written once, in
 * `core/slot.ts`; a store is right when it answers as that file does, at one instant of its own
 * clock, with nobody else's verb in between.
 *
 * `acquire` mints the fence in the same step as the grant, and only when it grants: greater than
 * every fence of the store's namespace before. A claim repeated by its owner is answered with the
 * fence it has. `renew` never makes a lock anew. `release` gives a lock back and offers it to the
 * first in line. `leave` takes a waiter out of the line.
 *
 * A call that fails rejects with a `STORE_UNAVAILABLE` error, whose `effect` is `'none'` only
 * when it is certain that nothing happened. The laws are at `./conformance`.
 */
export interface LeaseStore {
  /** Grants the lock of a key, or says how long it is held. */
  acquire(request: AcquireRequest, options?: StoreCallOptions): Promise<AcquireAnswer>;
  /** Keeps a lock for `holdMs` from now, if `owner` still holds it. */
  renew(
    request: { readonly key: string; readonly owner: string; readonly holdMs: number },
    options?: StoreCallOptions,
  ): Promise<'renewed' | 'stolen' | 'missing'>;
  /** Gives a lock back, if `owner` holds it. */
  release(
    request: { readonly key: string; readonly owner: string },
    options?: StoreCallOptions,
  ): Promise<'released' | 'not-held'>;
  /** Takes a waiter out of the line of a key; what was offered to it goes to the next. */
  leave(
    request: { readonly key: string; readonly waiter: string },
    options?: StoreCallOptions,
  ): Promise<void>;
  /**
   * How names of this store's waiters begin: wake-ups for them reach this store. Absent where
   * they could be anyone's.
   */
  readonly waiterPrefix?: string | undefined;
  /**
   * Tells a listener of the locks that were offered to waiters of this process, and `all` when
   * that may have been missed for a while; returns what ends the listening. Absent where a store
   * cannot tell: then waiters poll. A wake-up may be lost.
   */
  onWake?: ((listener: (wake: Wake | 'all') => void) => () => void) | undefined;
  /** True when calls take effect in the order in which they were made. */
  readonly ordered?: boolean | undefined;
  /** Looks whether the server may evict leases or the counter; `undefined`: it does not. */
  findEvictionRisk?(options?: StoreCallOptions): Promise<EvictionRisk | undefined>;
}
