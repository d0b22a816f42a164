import { createManualClock } from '@gabion/clock/testing';
import { createHashRing } from '../src/index.js';
import { createHotKeys, createSalter, type HotKeys, type SalterOptions } from '../src/salting.js';

/** A ring of n nodes, n1 to n…. */
export function ringOf(nodes: number) {
  return createHashRing(Array.from({ length: nodes }, (_, i) => `n${i + 1}`));
}

/** A sketch on a clock that stands still. */
export function createStillHotKeys(capacity = 100): HotKeys {
  return createHotKeys({ capacity, clock: createManualClock() });
}

/** Records so much of a key in percent, and the rest of a thousand others, none of them hot. */
export function recordShare(hot: HotKeys, key: string, percent: number): void {
  hot.record(key, percent * 1_000);
  for (let i = 0; i < 1_000; i += 1) hot.record(`rest-${i}`, 100 - percent);
}

/** Chances that go round evenly: 0, 1/n, 2/n … */
export function evenChances(n: number): () => number {
  let next = -1;
  return () => {
    next = (next + 1) % n;
    return next / n;
  };
}

/** A salter of ten nodes with a sketch in which `celebrity` has nearly everything. */
export function hotSalter(options: Partial<SalterOptions> = {}) {
  const hot = createStillHotKeys();
  hot.record('celebrity', 1_000);
  const ring = ringOf(10);
  return { hot, ring, salter: createSalter({ ring, hot, ...options }) };
}

/** The keys that so many writes of a key go to, with how many each gets. */
export function writesOf(
  salter: ReturnType<typeof createSalter>,
  key: string,
  writes: number,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < writes; i += 1) {
    const salted = salter.keyForWrite(key);
    counts.set(salted, (counts.get(salted) ?? 0) + 1);
  }
  return counts;
}
