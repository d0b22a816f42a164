/**
 * A clock that a test moves by hand.
 *
 * @packageDocumentation
 */

export type { Clock, SleepOptions } from './clock.js';
export { createManualClock, type ManualClock } from './manual-clock.js';
