import type { Counted } from './snapshot.js';
import { add, nothing, type Weighed } from './weighing.js';

/** What other processes have counted, added up, all in the units of one landmark. */
export interface Sources {
  /** The weight of everything that they recorded. */
  readonly total: number;
  /** The most that a key weighs that none of them has a counter for. */
  readonly unseen: number;
  /** Keeps what a source has counted, with each weight times `factor`, in place of its last. */
  put(sourceId: string, counted: Counted, factor: number): void;
  find(key: string): Weighed | undefined;
  /** Every key that one of them has a counter for. */
  all(): Map<string, Weighed>;
  /** Multiplies all weights by a factor from 0 to 1. */
  scale(factor: number): void;
}

/**
 * Creates a place for the snapshots of at most `maxSources` processes. Sums are kept until one of
 * their parts is replaced, and then made anew, not corrected: nothing of what was heavier stays
 * behind as a rounding, and most looks cost the same however many processes there are.
 */
export function createSources(maxSources: number): Sources {
  // In the order in which they were heard.
  const sources = new Map<string, Counted>();
  /** How many sources have a counter for a key. */
  const holders = new Map<string, number>();
  const sums = new Map<string, Weighed>();
  let total = 0;
  let unseen = 0;

  function hold(keys: Iterable<string>, more: 1 | -1): void {
    for (const key of keys) {
      sums.delete(key);
      const held = (holders.get(key) ?? 0) + more;
      if (held === 0) holders.delete(key);
      else holders.set(key, held);
    }
  }

  function forget(sourceId: string): void {
    const counted = sources.get(sourceId);
    if (counted === undefined) return;
    sources.delete(sourceId);
    hold(counted.counters.keys(), -1);
  }

  function addUp(): void {
    total = 0;
    unseen = 0;
    for (const source of sources.values()) {
      total += source.total;
      unseen += source.unseen;
    }
  }

  return {
    get total() {
      return total;
    },
    get unseen() {
      return unseen;
    },
    put(sourceId, counted, factor) {
      forget(sourceId);
      sources.set(sourceId, scaledBy(factor, counted));
      hold(counted.counters.keys(), 1);
      if (sources.size > maxSources) {
        const [heardLongestAgo] = sources.keys();
        forget(heardLongestAgo as string);
      }
      addUp();
    },
    find(key) {
      if (!holders.has(key)) return undefined;
      const sum = sums.get(key) ?? sumOf(key, sources.values());
      sums.set(key, sum);
      return sum;
    },
    all: () => sumsOf(sources.values()),
    scale(factor) {
      for (const [sourceId, counted] of sources) sources.set(sourceId, scaledBy(factor, counted));
      sums.clear();
      addUp();
    },
  };
}

function sumOf(key: string, sources: Iterable<Counted>): Weighed {
  let sum = nothing;
  for (const { counters, unseen } of sources) {
    const counter = counters.get(key);
    if (counter !== undefined) sum = add(sum, counter, unseen);
  }
  return sum;
}

/** The same for every key, each source walked once. */
function sumsOf(sources: Iterable<Counted>): Map<string, Weighed> {
  const sums = new Map<string, Weighed>();
  for (const { counters, unseen } of sources) {
    for (const [key, counter] of counters) {
      sums.set(key, add(sums.get(key) ?? nothing, counter, unseen));
    }
  }
  return sums;
}

function scaledBy(factor: number, { total, unseen, counters }: Counted): Counted {
  const scaled = [...counters].map(([key, { weight, error }]) => {
    return [key, { weight: weight * factor, error: error * factor }] as const;
  });
  return { total: total * factor, unseen: unseen * factor, counters: new Map(scaled) };
}
