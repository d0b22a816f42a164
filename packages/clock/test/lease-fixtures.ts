import {
  type Clock,
  type LeaseDeadline,
  leaseDeadline,
  type Moment,
  readMoment,
} from '../src/index.js';
import { createManualClock } from '../src/testing.js';

/** Lets everything run that can: no time passes. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The lease of these tests, in milliseconds. */
export const leaseMs = 10_000;

/** A holder with a lease that was asked for just now; `lost` is what it was told. */
export function createHolder() {
  const clock = createManualClock(1_700_000_000_000);
  const lost: unknown[] = [];
  /** Of each sleep whether it keeps the process alive. */
  const slept: (boolean | undefined)[] = [];
  const watched: Clock = {
    ...clock,
    sleep(ms, options) {
      slept.push(options?.keepsAlive);
      return clock.sleep(ms, options);
    },
  };
  const grantedNow = (
    sentAt: Moment,
    expiry: () => unknown = () => 'late',
    ms = leaseMs,
  ): LeaseDeadline =>
    leaseDeadline({
      clock: watched,
      leaseMs: ms,
      sentAt,
      expiry,
      onLost: (reason) => lost.push(reason),
    });
  return { clock, lost, slept, grantedNow, deadline: grantedNow(readMoment(clock)) };
}
