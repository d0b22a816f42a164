import { type LeaseDeadline, leaseDeadline, type Moment, readMoment } from '@gabion/clock';
import { notify } from '@gabion/contract';
import { LeaseLostError, type LeaseLostReason } from './errors.js';
import type { Turn } from './shell/line.js';
import type { LeaseEvent, Settings } from './shell/options.js';
import { keepRenewing } from './shell/renewal.js';

/**
 * A lock that was granted. It is held until it is released or lost, and a lost one is never had
 * again. `await using` releases it where the language has that.
 */
export interface Lease {
  /** The key it was acquired for. */
  readonly key: string;
  /** The fencing token: a safe integer, greater than every one granted before for this key. */
  readonly fence: number;
  /**
   * Aborts, with a LeaseLostError, the moment ownership can no longer be proven: no later than
   * `leaseMs` after the last request that the store granted was sent, whatever the network does.
   * A release does not abort it.
   */
  readonly signal: AbortSignal;
  /** The time left by this process's clocks, in milliseconds; 0 once it is lost or released. */
  readonly remainingMs: number;
  /**
   * Returns if the lease is held, by this process's clocks: also right when the event loop was
   * blocked and no timer has fired.
   *
   * @throws LeaseLostError otherwise.
   */
  assertHeld(): void;
  /**
   * Asks the store for another `leaseMs`.
   *
   * @throws LeaseLostError when it is lost or released; StoreUnavailableError when the store did
   * not answer, and the lease is what it was before.
   */
  renew(): Promise<void>;
  /**
   * Gives the lock back, once. `not-held`: it was lost before. `unknown`: the store did not
   * answer; the lock is free when the lease ends. Never rejects.
   */
  release(): Promise<'released' | 'not-held' | 'unknown'>;
  /** Releases it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a grant consists of. */
export interface Grant {
  readonly settings: Settings;
  readonly key: string;
  readonly owner: string;
  readonly fence: number;
  readonly sentAt: Moment;
  /** Called once, when the turn of this lease is over. */
  readonly ended: (key: string) => void;
}

/** The one implementation. A class, since a lease is made for every grant. */
export class GrantedLock implements Lease, Turn {
  readonly key: string;
  readonly fence: number;
  declare [Symbol.asyncDispose]: () => Promise<void>;
  private readonly deadline: LeaseDeadline;
  private releasing: Promise<'released' | 'not-held' | 'unknown'> | undefined = undefined;
  private renewal: AbortController | undefined = undefined;
  /** Whether somebody waits for its end. */
  private awaited = false;

  constructor(private readonly grant: Grant) {
    this.key = grant.key;
    this.fence = grant.fence;
    const { clock, leaseMs } = grant.settings;
    this.deadline = leaseDeadline({
      clock,
      leaseMs,
      sentAt: grant.sentAt,
      expiry: () => this.lossOf('deadline'),
      onLost: (reason) => this.lost(reason as LeaseLostError),
    });
  }

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  get remainingMs(): number {
    return this.deadline.remainingMs;
  }

  watch(): void {
    this.awaited = true;
    this.look();
  }

  look(): void {
    const leftMs = this.deadline.remainingMs;
    // A timer is dear, and most leases are given back long before their end.
    if (this.awaited && leftMs < this.grant.settings.leaseMs / 2) this.deadline.watch();
  }

  assertHeld(): void {
    if (this.deadline.remainingMs > 0) return;
    // A release gives no reason: an error is dear to make, and few ask for one after it.
    throw this.deadline.over?.reason ?? this.lossOf('released');
  }

  renew(): Promise<void> {
    return this.renewWithin(this.deadline.remainingMs);
  }

  release(): Promise<'released' | 'not-held' | 'unknown'> {
    this.releasing ??= this.deadline.remainingMs > 0 ? this.giveBack() : this.giveBackLost();
    return this.releasing;
  }

  /** Renews until the lease is over; called once, by whoever made it. */
  startRenewing(): void {
    this.renewal = new AbortController();
    const renew = (timeoutMs: number) => this.renewWithin(timeoutMs);
    const failed = (error: unknown) =>
      notify(this.grant.settings.observer, 'renewalFailed', { ...this.event(), error });
    keepRenewing(this.grant.settings, { renew, failed, signal: this.renewal.signal });
  }

  private async renewWithin(timeoutMs: number): Promise<void> {
    this.assertHeld();
    const { settings, key, owner } = this.grant;
    const sentAt = readMoment(settings.clock);
    const request = { key, owner, holdMs: settings.holdMs };
    const answer = await settings.store.renew(request, { timeoutMs });
    if (answer !== 'renewed') this.deadline.lose(this.lossOf(answer));
    else if (this.deadline.extend(sentAt)) {
      return notify(settings.observer, 'renewed', this.event());
    }
    // Lost, by this answer or before it came, or released while it was on its way.
    this.assertHeld();
  }

  private async giveBack(): Promise<'released' | 'not-held' | 'unknown'> {
    const { settings, key, owner, ended } = this.grant;
    this.deadline.close(undefined);
    this.renewal?.abort();
    const asked = settings.store.release({ key, owner });
    // Where calls keep their order, the next caller's question may follow at once.
    if (settings.store.ordered) ended(key);
    try {
      const answer = await asked;
      if (answer === 'released') this.tellReleased();
      else this.tellUnclean(this.lossOf('missing'));
      return answer;
    } catch (error) {
      this.tellUnclean(error);
      return 'unknown';
    } finally {
      if (!settings.store.ordered) ended(key);
    }
  }

  /**
   * A lost lease may still be in the store, where a late renewal can have prolonged it. Whoever
   * releases it says that nothing of theirs is on its way, unless a delay was asked for.
   */
  private async giveBackLost(): Promise<'not-held'> {
    const { settings, key, owner } = this.grant;
    if (settings.lockDelayMs === 0) await settings.store.release({ key, owner }).catch(() => {});
    return 'not-held';
  }

  private tellReleased(): void {
    const { observer } = this.grant.settings;
    if (observer !== undefined) notify(observer, 'released', this.event());
  }

  private tellUnclean(error: unknown): void {
    notify(this.grant.settings.observer, 'releaseFailed', { ...this.event(), error });
  }

  private lost(reason: LeaseLostError): void {
    const { settings, key, ended } = this.grant;
    this.renewal?.abort();
    ended(key);
    notify(settings.observer, 'lost', { ...this.event(), reason: reason.reason });
  }

  private lossOf(reason: LeaseLostReason): LeaseLostError {
    const { settings, key, fence } = this.grant;
    const what = `${settings.name}: the lease of ${JSON.stringify(key)}, fence ${fence},`;
    return new LeaseLostError(`${what} ${told[reason]}`, reason);
  }

  private event(): LeaseEvent {
    const { settings, key, fence } = this.grant;
    return { name: settings.name, key, fence, atMs: settings.clock.wallNow() };
  }
}

const told: Readonly<Record<LeaseLostReason, string>> = {
  deadline: 'was not renewed in time',
  stolen: 'belongs to another now',
  missing: 'is not in the store any more',
  released: 'was released',
};

// Some runtimes have no such symbol yet; there, release() serves.
if (Symbol.asyncDispose !== undefined) {
  GrantedLock.prototype[Symbol.asyncDispose] = async function dispose(this: GrantedLock) {
    await this.release();
  };
}
