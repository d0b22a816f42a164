import type { Claim, ClaimAnswer, Outcome, Stored } from './core/record.js';

/** How long one call of a store may take. */
export interface StoreCallOptions {
  /** The longest wait for the reply, in milliseconds; the store's own `timeoutMs` caps it. */
  readonly timeoutMs?: number | undefined;
}

/** A claim for the record of one key. */
export interface ClaimRequest extends Claim {
  /** The key of the record: a hash of name, scope, operation and key, as hexadecimal digits. */
  readonly id: string;
}

/** What the attempt of a record asks for. */
export interface RenewRequest {
  readonly id: string;
  readonly fence: number;
  readonly leaseMs: number;
  readonly unknownRetentionMs: number;
}

/** How an attempt ended. */
export interface CompleteRequest {
  readonly id: string;
  readonly fence: number;
  readonly outcome: Outcome | 'unknown';
  /** How long the record is kept, from now on. */
  readonly keepMs: number;
}

/**
 * Where records live: four atomic verbs, and three for operators. What each does to a record is
 * written once, in `core/record.ts`; a store is right when it answers as that file does, at one
 * instant of its own clock, with nobody else's verb in between.
 *
 * The fence of an attempt is `max(previous + 1, server time in µs)`, minted in the step that
 * grants it. `complete`, `renew` and `release` compare it: a late one of an earlier attempt
 * changes nothing. A record may be forgotten only when its time is up: a store that is full
 * refuses new claims.
 *
 * A call that fails rejects with a `STORE_UNAVAILABLE` error, whose `effect` is `'none'` only
 * when it is certain that nothing happened. The laws are at `./conformance`.
 */
export interface RecordStore {
  /** Grants an attempt, or says why there is none. */
  claim(request: ClaimRequest, options?: StoreCallOptions): Promise<ClaimAnswer>;
  /** Keeps an attempt alive. */
  renew(
    request: RenewRequest,
    options?: StoreCallOptions,
  ): Promise<'renewed' | 'stolen' | 'missing'>;
  /** Stores how an attempt ended. */
  complete(
    request: CompleteRequest,
    options?: StoreCallOptions,
  ): Promise<'completed' | 'superseded' | 'missing'>;
  /** Frees the key of an attempt that has done nothing. */
  release(
    request: { readonly id: string; readonly fence: number },
    options?: StoreCallOptions,
  ): Promise<'released' | 'superseded' | 'missing'>;
  /** What is stored; `undefined` when nothing is. */
  inspect(id: string, options?: StoreCallOptions): Promise<Stored | undefined>;
  /** Drops a record, whatever it says. */
  forget(id: string, options?: StoreCallOptions): Promise<void>;
  /** Says of an attempt whose outcome nobody knows what was found out. */
  resolve(
    request: { readonly id: string; readonly found: Outcome | 'not-done'; readonly keepMs: number },
    options?: StoreCallOptions,
  ): Promise<'resolved' | 'not-unknown'>;
}
