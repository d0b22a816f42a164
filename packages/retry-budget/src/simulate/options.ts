import { requireInteger, requireNumber, show } from '@gabion/contract';
import { retrierDefaults } from '../retrier/options.js';
import type { Policy } from './policies.js';

/** What is simulated. */
export interface SimulationOptions {
  /** How each client retries; see `policies`. */
  readonly policy: Policy;
  /** Requests that the server serves in a second, one after the other: 0.001 to 100 000. */
  readonly capacityPerSecond: number;
  /** Calls that begin in a second, as those of many users do (Poisson): 0.001 to 100 000. */
  readonly demandPerSecond: number;
  /** How long a client waits for an answer, in milliseconds: 1 to 3 600 000. */
  readonly clientTimeoutMs: number;
  /** What goes wrong, and when. */
  readonly fault: {
    /** When it begins, in milliseconds from the start: 0 to 3 600 000. */
    readonly fromMs: number;
    /** When it is over, in milliseconds from the start: `fromMs` to 3 600 000. */
    readonly toMs: number;
    /** Requests that the server serves in a second meanwhile: 0 to 100 000. */
    readonly capacityPerSecond: number;
  };
  /** The same seed gives the same simulation: a whole number. */
  readonly seed: number;
  /** Clients, each with a budget and a gate of its own: 1 to 10 000. @defaultValue 1 */
  readonly clients?: number | undefined;
  /**
   * The most requests that wait in the server's line, 0 or more; one more is refused at once.
   * @defaultValue `Infinity`
   */
  readonly maxQueue?: number | undefined;
  /**
   * The `Retry-After` of a refusal, in milliseconds, 0 to 3 600 000; 0: without.
   * @defaultValue 0
   */
  readonly retryAfterMs?: number | undefined;
  /** How long it goes on after the fault: 1 000 to 3 600 000 ms. @defaultValue 180 000 */
  readonly watchMs?: number | undefined;
  /** How long an interval of the series is: 100 to 60 000 ms. @defaultValue 1 000 */
  readonly intervalMs?: number | undefined;
}

/** What is taken where an option of a simulation is left out. */
export const simulationDefaults = Object.freeze({
  clients: 1,
  maxQueue: Infinity,
  retryAfterMs: 0,
  watchMs: 180_000,
  intervalMs: 1_000,
});

/** The most attempts that a simulation may come to: a minute or two of computing. */
const mostAttempts = 2_000_000;

const hour = 3_600_000;

/** The options, checked, with every default in its place. */
export type Settings = ReturnType<typeof settle>;

/** Checks everything but the policy, which its retriers check. */
export function settle(fn: string, options: SimulationOptions) {
  requireObject(fn, 'options', options);
  requireObject(fn, 'policy', options.policy);
  requireObject(fn, 'fault', options.fault);
  const { policy, capacityPerSecond, demandPerSecond, clientTimeoutMs, fault, seed } = options;
  const { clients = simulationDefaults.clients, maxQueue = simulationDefaults.maxQueue } = options;
  const { retryAfterMs = simulationDefaults.retryAfterMs } = options;
  const { watchMs = simulationDefaults.watchMs } = options;
  const { intervalMs = simulationDefaults.intervalMs } = options;
  requireNumber(fn, 'capacityPerSecond', capacityPerSecond, { min: 0.001, max: 100_000 });
  requireNumber(fn, 'demandPerSecond', demandPerSecond, { min: 0.001, max: 100_000 });
  requireNumber(fn, 'clientTimeoutMs', clientTimeoutMs, { min: 1, max: hour });
  requireNumber(fn, 'fault.fromMs', fault.fromMs, { min: 0, max: hour });
  requireNumber(fn, 'fault.toMs', fault.toMs, { min: fault.fromMs, max: hour });
  requireNumber(fn, 'fault.capacityPerSecond', fault.capacityPerSecond, { min: 0, max: 100_000 });
  requireInteger(fn, 'seed', seed, {});
  requireInteger(fn, 'clients', clients, { min: 1, max: 10_000 });
  requireNumber(fn, 'maxQueue', maxQueue, { min: 0 });
  requireNumber(fn, 'retryAfterMs', retryAfterMs, { min: 0, max: hour });
  requireNumber(fn, 'watchMs', watchMs, { min: 1_000, max: hour });
  requireNumber(fn, 'intervalMs', intervalMs, { min: 100, max: 60_000 });
  const endMs = fault.toMs + watchMs;
  requireEnd(fn, (demandPerSecond * endMs) / 1_000, policy);
  return {
    ...{ policy, capacityPerSecond, demandPerSecond, clientTimeoutMs, fault, seed },
    ...{ clients, maxQueue, retryAfterMs, intervalMs, endMs },
  };
}

/** That a simulation ends is a matter of how much happens in it, since nothing takes time. */
function requireEnd(fn: string, calls: number, policy: Policy): void {
  const { maxAttempts = retrierDefaults.maxAttempts } = policy;
  if (!(calls * maxAttempts > mostAttempts)) return;
  const sum = `${Math.round(calls)} calls of up to ${maxAttempts} attempts`;
  throw new RangeError(`${fn}: would make ${sum}, more than ${mostAttempts} in all`);
}

function requireObject(fn: string, argument: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  throw new TypeError(`${fn}: ${argument} must be an object, got ${show(value)}`);
}
