import { type SimulationOptions, simulate } from '../src/simulate.js';

/** The dip of promise 2: ten seconds at half the capacity, of which 90 % are wanted. */
export const dip = {
  capacityPerSecond: 50,
  demandPerSecond: 45,
  clientTimeoutMs: 1_000,
  fault: { fromMs: 10_000, toMs: 20_000, capacityPerSecond: 25 },
  seed: 1,
} as const;

/** A simulation of a few virtual seconds: less capacity for a second, and a short watch. */
export const short = {
  ...dip,
  fault: { fromMs: 2_000, toMs: 4_000, capacityPerSecond: 10 },
  watchMs: 16_000,
} as const;

/** What happened in a simulation from one moment to another, added up. */
export function between(
  { series }: Awaited<ReturnType<typeof simulate>>,
  fromMs: number,
  toMs: number,
) {
  const some = series.filter((interval) => interval.fromMs >= fromMs && interval.fromMs < toMs);
  const sum = (of: 'calls' | 'attempts') => some.reduce((all, interval) => all + interval[of], 0);
  return { calls: sum('calls'), attempts: sum('attempts') };
}

/** Simulates in short with a policy and whatever else. */
export function brief(options: Partial<SimulationOptions> & Pick<SimulationOptions, 'policy'>) {
  return simulate({ ...short, ...options });
}
