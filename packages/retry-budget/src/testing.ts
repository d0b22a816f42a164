/**
 * A matcher for simulations, for any runner that has `expect.extend`.
 *
 * @packageDocumentation
 */
import { requireNumber, show } from '@gabion/contract';
import type { Simulation } from './simulate/tally.js';

/** What a matcher answers, in vitest and in Jest. */
export interface Matched {
  /** Whether it held. */
  readonly pass: boolean;
  /** Says what was found, for the case that was not expected. */
  message(): string;
}

/**
 * Matchers for `expect.extend(matchers)`.
 *
 * @example
 * ```ts
 * import { policies, simulate } from '@gabion/retry-budget/simulate';
 * import { matchers } from '@gabion/retry-budget/testing';
 * import { expect, test } from 'vitest';
 *
 * expect.extend(matchers);
 *
 * test('a dip of ten seconds is over within a minute', async () => {
 *   const simulation = await simulate({
 *     policy: policies.success,
 *     capacityPerSecond: 50,
 *     demandPerSecond: 40,
 *     clientTimeoutMs: 1_000,
 *     fault: { fromMs: 10_000, toMs: 20_000, capacityPerSecond: 25 },
 *     seed: 1,
 *   });
 *   expect(simulation).toRecoverWithin(60_000);
 * });
 * ```
 */
export const matchers = Object.freeze({
  /**
   * Passes if calls succeeded again within `ms` milliseconds of the end of the fault.
   *
   * @throws TypeError | RangeError for what is no simulation, and no duration of at least 0.
   */
  toRecoverWithin(simulation: Simulation, ms: number): Matched {
    const fn = 'toRecoverWithin';
    requireNumber(fn, 'ms', ms, { min: 0 });
    const recoveredAfterMs = requireRecovery(fn, simulation);
    const pass = recoveredAfterMs !== null && recoveredAfterMs <= ms;
    return {
      pass,
      message: () =>
        `expected the simulation ${pass ? 'not ' : ''}to recover within ${ms} ms of the end of ` +
        `the fault, but ${found(simulation)}`,
    };
  },
});

function requireRecovery(fn: string, simulation: Simulation): number | null {
  const recoveredAfterMs: unknown = simulation?.recoveredAfterMs;
  if (recoveredAfterMs === null || typeof recoveredAfterMs === 'number') return recoveredAfterMs;
  const awaited = simulation instanceof Promise ? 'a promise: await it' : show(simulation);
  throw new TypeError(`${fn}: must be given what simulate resolves with, got ${awaited}`);
}

function found({ recoveredAfterMs, amplification, goodputPerSecond }: Simulation): string {
  const load = `${amplification.toFixed(2)} attempts a call`;
  const goodput = `${goodputPerSecond.toFixed(1)} successes a second`;
  const after =
    recoveredAfterMs === null ? 'had not when it ended' : `did in ${recoveredAfterMs} ms`;
  return `it ${after} (${load}, ${goodput})`;
}

declare global {
  /** Jest's matchers, which vitest takes for its own. */
  namespace jest {
    /** The parameters are those of `@types/jest`, which have to be the same everywhere. */
    interface Matchers<R, T> {
      /** Passes if calls succeeded again within `ms` milliseconds of the end of the fault. */
      toRecoverWithin(ms: number): R;
    }
  }
}
