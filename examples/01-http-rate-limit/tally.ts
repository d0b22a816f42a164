import type { Answer } from './clients.js';
import type { Load } from './load.js';
import type { Run } from './run.js';

/** The two kinds of clients, which their names begin with. */
export type Kind = 'obedient' | 'greedy';

/** The answers that came to one kind of client from the flood on. */
export function sinceFlood({ floodAtMs }: Load, { answers }: Run, kind: Kind): Answer[] {
  return answers.filter(
    ({ client, sentAtMs, tookMs }) => client.startsWith(kind) && sentAtMs + tookMs >= floodAtMs,
  );
}

/** How many pages one kind of client got in time, for each second of the flood. */
export function pagesPerSecond(load: Load, run: Run, kind: Kind): number {
  const pages = sinceFlood(load, run, kind).filter(({ outcome }) => outcome === 'page');
  return (1_000 * pages.length) / (run.ms - load.floodAtMs);
}

/** The most requests that waited for a worker at once. */
export function longestLine({ line }: Run): number {
  return Math.max(0, ...line.map(({ waiting }) => waiting));
}

/** The middle of some figures; NaN where there are none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Groups by a name, in the order of appearance. */
export function byName<T>(things: readonly T[], name: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(name(thing));
    if (group === undefined) groups.set(name(thing), [thing]);
    else group.push(thing);
  }
  return groups;
}
