import type { Run } from './run.js';

/** The mean load of a partition. */
export function meanLoad({ loads }: Pick<Run, 'loads'>): number {
  return [...loads.values()].reduce((sum, load) => sum + load, 0) / loads.size;
}

/** The loads of all partitions, the fullest first. */
export function fullestFirst({ loads }: Pick<Run, 'loads'>): number[] {
  return [...loads.values()].sort((a, b) => b - a);
}

/** How many times the mean the fullest partition has. */
export function peakToMean(run: Pick<Run, 'loads'>): number {
  return (fullestFirst(run)[0] as number) / meanLoad(run);
}

/** The keys, from the one with the most events down. */
export function byCount(counts: ReadonlyMap<string, number>): [key: string, count: number][] {
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** How many keys a run counted otherwise than `truth` does, or not completely. */
export function miscounted({ total }: Pick<Run, 'total'>, truth: ReadonlyMap<string, number>) {
  const wrong = [...truth].filter(([key, count]) => total.counts.get(key) !== count);
  return new Set([...wrong.map(([key]) => key), ...total.incomplete]).size;
}
