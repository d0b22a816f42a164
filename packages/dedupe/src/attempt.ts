import { type LeaseDeadline, leaseDeadline, type Moment, readMoment } from '@gabion/clock';
import { LeaseLostError, type LeaseLostReason } from './errors.js';
import type { Settings } from './shell/options.js';
import type { Renewable, Renewals } from './shell/renewals.js';

/** One run of the user's function. */
export interface Attempt {
  /**
   * Greater than the fence of every attempt before it for this key: hand it to whatever can refuse
   * an older one.
   */
  readonly fence: number;
  /** Aborts, with a LeaseLostError, the moment another attempt may begin. */
  readonly signal: AbortSignal;
  /** @throws LeaseLostError unless the lease is held, by this process's clocks. */
  assertHeld(): void;
  /**
   * Says that from here on something may have happened that cannot be taken back: a throw then
   * leaves the outcome unknown, instead of freeing the key for another try.
   */
  effectsBegan(): void;
}

/** An attempt and its lease, as the shell sees it. */
export interface RunningAttempt extends Attempt {
  readonly hasEffects: boolean;
  /** Time left of its lease, in milliseconds. */
  readonly remainingMs: number;
  /** Ends the renewals and the watch; the signal does not abort. */
  end(): void;
}

/** What an attempt is made of. */
export interface Claimed {
  readonly settings: Settings;
  readonly renewals: Renewals;
  readonly id: string;
  readonly fence: number;
  readonly sentAt: Moment;
  /** Is told of a renewal that got no answer. */
  readonly renewalFailed: (error: unknown) => void;
}

/** Starts an attempt: its lease is renewed until it is ended or lost. */
export function startAttempt(claimed: Claimed): RunningAttempt {
  const { settings, renewals, id, fence, sentAt, renewalFailed } = claimed;
  const { clock, leaseMs, unknownRetentionMs, store } = settings;
  let hasEffects = false;
  const lossOf = (reason: LeaseLostReason) =>
    new LeaseLostError(`${settings.name}: the attempt with fence ${fence} ${told[reason]}`, reason);
  const deadline: LeaseDeadline = leaseDeadline({
    clock,
    leaseMs,
    sentAt,
    expiry: () => lossOf('deadline'),
    onLost: () => renewals.remove(renewable),
  });
  const renewable: Renewable = {
    failed: renewalFailed,
    async renew(timeoutMs) {
      // Looking notices an end that no timer has; then there is nothing left to renew.
      if (deadline.remainingMs === 0) return;
      const sentAgainAt = readMoment(clock);
      const answer = await store.renew({ id, fence, leaseMs, unknownRetentionMs }, { timeoutMs });
      if (answer === 'renewed') deadline.extend(sentAgainAt);
      else deadline.lose(lossOf(answer));
    },
  };
  renewals.add(renewable);

  return {
    fence,
    get signal() {
      return deadline.signal;
    },
    get hasEffects() {
      return hasEffects;
    },
    get remainingMs() {
      return deadline.remainingMs;
    },
    assertHeld() {
      if (deadline.remainingMs > 0) return;
      throw deadline.over?.reason ?? lossOf('released');
    },
    effectsBegan() {
      hasEffects = true;
    },
    end() {
      renewals.remove(renewable);
      deadline.close(undefined);
    },
  };
}

const told: Readonly<Record<LeaseLostReason, string>> = {
  deadline: 'was not renewed in time',
  stolen: 'was taken over',
  missing: 'is not in the store any more',
  released: 'has ended',
};
