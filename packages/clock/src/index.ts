/**
 * Time as an argument: the `Clock` that every Gabion package measures and waits on, and the
 * process's own. A clock for tests is at `@gabion/clock/testing`.
 *
 * @packageDocumentation
 */
export { type Clock, type SleepOptions, systemClock } from './clock.js';
export {
  type LeaseDeadline,
  type LeaseDeadlineOptions,
  leaseDeadline,
  leaseRemainingMs,
  type Moment,
  type Over,
  readMoment,
} from './lease-deadline.js';
