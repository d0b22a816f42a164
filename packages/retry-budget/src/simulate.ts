/**
 * What a fault does to a server and its clients, in virtual time: which policy of retries lets it
 * come back, and when.
 *
 * @packageDocumentation
 */
import { runFleet } from './simulate/fleet.js';
import { type SimulationOptions, settle } from './simulate/options.js';
import type { Simulation } from './simulate/tally.js';

export type { SimulationOptions } from './simulate/options.js';
export {
  type Policies,
  type Policy,
  type PublishedPolicy,
  policies,
} from './simulate/policies.js';
export type { Simulation, SimulationInterval } from './simulate/tally.js';

/**
 * Simulates clients that call one server, which loses part of its capacity for a while. Whoever
 * waits too long gives up and perhaps tries again; what was given up stays in the server's line and
 * is served for nobody, and that is what keeps a storm of retries going.
 *
 * The clients are the retriers of this package, with their budgets, backoffs and gates, on a clock
 * that jumps from one event to the next: no real time passes but that of computing, some 20 000
 * attempts a second. The same options give the same result.
 *
 * @throws TypeError | RangeError (it rejects) for an option that is not what it says, and for a
 * simulation of more than two million attempts.
 * @example
 * ```ts
 * import { policies, simulate } from '@gabion/retry-budget/simulate';
 *
 * const { amplification, recoveredAfterMs } = await simulate({
 *   policy: policies.naive,
 *   capacityPerSecond: 50,
 *   demandPerSecond: 45,
 *   clientTimeoutMs: 1_000,
 *   fault: { fromMs: 10_000, toMs: 20_000, capacityPerSecond: 25 },
 *   seed: 1,
 * });
 * console.log(amplification > 3.9, recoveredAfterMs); // true null
 * ```
 */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  return runFleet(settle('simulate', options));
}
