import { requireInteger } from '@gabion/contract';
import type { Clock } from './clock.js';

/** One moment, read on both clocks. */
export interface Moment {
  /** The monotonic clock's reading, in milliseconds. */
  readonly now: number;
  /** The wall clock's reading, in epoch milliseconds. */
  readonly wallNow: number;
}

/** Reads both clocks; do so just before a request is sent. */
export function readMoment(clock: Clock): Moment {
  return { now: clock.now(), wallNow: clock.wallNow() };
}

/** Options of {@link leaseDeadline}. */
export interface LeaseDeadlineOptions {
  /** The clocks of the holder. */
  readonly clock: Clock;
  /** How long the store keeps the lease after it hears of it, in whole milliseconds. */
  readonly leaseMs: number;
  /** When the request was sent that the store granted. */
  readonly sentAt: Moment;
  /** Makes the reason with which `signal` aborts when the time runs out. */
  readonly expiry: () => unknown;
  /** Is told once, with the reason, when the lease is over without having been closed. */
  readonly onLost?: ((reason: unknown) => void) | undefined;
}

/** How a lease ended. */
export interface Over {
  /** The reason, whatever value that is. */
  readonly reason: unknown;
}

/** When a holder must stop: no later than the store may give its lease to another. */
export interface LeaseDeadline {
  /** Time left by the holder's own clocks, in milliseconds; 0 once it is over. */
  readonly remainingMs: number;
  /** The reason why it is over, in an object of its own; `undefined` while it is not. */
  readonly over: Over | undefined;
  /** Aborts with that reason the moment it is over. Reading it starts the watch. */
  readonly signal: AbortSignal;
  /** Starts the timer that notices the end by itself. Without it, whoever looks notices. */
  watch(): void;
  /**
   * Moves the deadline to that of a later request that the store granted. Returns false, and
   * changes nothing, when the lease is already known to be over: what is lost stays lost.
   */
  extend(sentAt: Moment): boolean;
  /** Ends it at once with a reason: the store said that it is lost. */
  lose(reason: unknown): void;
  /** Ends the watch without a loss: the signal never aborts from here on. */
  close(reason: unknown): void;
}

/** The part of a lease that two clocks may drift apart by, and the grain of their readings. */
const driftFactor = 0.01;
const grainMs = 2;

/**
 * How long a lease of `leaseMs` may still be relied on, in milliseconds, when the request for it
 * was sent at `sentAt`; 0 or less when it may not.
 */
export function leaseRemainingMs(clock: Clock, leaseMs: number, sentAt: Moment): number {
  const elapsedMs = Math.max(clock.now() - sentAt.now, clock.wallNow() - sentAt.wallNow);
  return leaseMs - leaseMs * driftFactor - grainMs - elapsedMs;
}

/**
 * Watches a lease by the holder's clocks alone, so that its end is noticed without the network.
 *
 * The store counts the lease from when it hears the request, so a deadline counted from when the
 * request was *sent* is never late. Time is whichever of the two clocks has gone further: the
 * monotonic one may stand still while a machine sleeps, the wall clock may be set back. One
 * hundredth of the lease and 2 ms are taken off for clocks that run at different rates, as
 * implementations of the Redlock algorithm do.
 *
 * @throws TypeError | RangeError when `leaseMs` is not a whole number from 5.
 */
export function leaseDeadline(options: LeaseDeadlineOptions): LeaseDeadline {
  requireInteger('leaseDeadline', 'leaseMs', options.leaseMs, { min: 5 });
  return new Deadline(options);
}

/** A class, since one is made for every grant, and most are closed before anyone looks. */
class Deadline implements LeaseDeadline {
  over: { readonly reason: unknown } | undefined = undefined;
  /** Whether it is over by a loss, which the signal tells; a lease given back is none. */
  private lost = false;
  private sentAt: Moment;
  private controller: AbortController | undefined = undefined;
  /** Ends the sleep of the timer; present only while it runs. */
  private timer: AbortController | undefined = undefined;

  constructor(private readonly options: LeaseDeadlineOptions) {
    this.sentAt = options.sentAt;
  }

  get remainingMs(): number {
    if (this.over !== undefined) return 0;
    const leftMs = this.leftAfter(this.sentAt);
    if (leftMs > 0) return leftMs;
    this.lose(this.options.expiry());
    return 0;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      this.watch();
      if (this.lost) this.controller.abort(this.over?.reason);
    }
    return this.controller.signal;
  }

  watch(): void {
    // A clock may show that the time is over before any timer has.
    if (this.timer === undefined && this.remainingMs > 0) this.sleepUntilOver();
  }

  extend(sentAt: Moment): boolean {
    if (this.over !== undefined || this.leftAfter(sentAt) <= 0) return false;
    // Replies may come in another order than their requests were sent in.
    if (this.leftAfter(sentAt) > this.leftAfter(this.sentAt)) this.sentAt = sentAt;
    return true;
  }

  lose(reason: unknown): void {
    if (this.over !== undefined) return;
    this.lost = true;
    this.close(reason);
    this.controller?.abort(reason);
    this.options.onLost?.(reason);
  }

  close(reason: unknown): void {
    this.over ??= { reason };
    this.timer?.abort();
  }

  private leftAfter(sentAt: Moment): number {
    return leaseRemainingMs(this.options.clock, this.options.leaseMs, sentAt);
  }

  private async sleepUntilOver(): Promise<void> {
    const { clock, leaseMs } = this.options;
    this.timer = new AbortController();
    const sleep = { signal: this.timer.signal, keepsAlive: false };
    try {
      // Never the whole time at once: a timer that stood still with its machine would be late by
      // as long as the machine slept, and the wall clock knows better.
      for (let leftMs = this.remainingMs; leftMs > 0; leftMs = this.remainingMs) {
        await clock.sleep(Math.min(leftMs, leaseMs / 4), sleep);
      }
    } catch {
      // Closed or lost meanwhile: there is nothing left to watch.
    }
  }
}
