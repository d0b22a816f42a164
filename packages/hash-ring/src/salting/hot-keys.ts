import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger, requireKey, requireNumber } from '@gabion/contract';
import { createDecay } from './decay.js';
import { type HotKeysSnapshot, readSnapshot } from './snapshot.js';
import { createSources } from './sources.js';
import { createSummary, type Summary } from './space-saving.js';
import { add, type Everything, type HotKey, nothing, toHotKey } from './weighing.js';

/** Options of {@link createHotKeys}. */
export interface HotKeysOptions {
  /**
   * How many keys are counted. A key whose share is above 1 / capacity is always among them, and
   * no weight is wrong by more than total / capacity. @defaultValue 1 000
   */
  readonly capacity?: number | undefined;
  /** After how long a recorded weight counts half, in milliseconds. @defaultValue 60 000 */
  readonly halfLifeMs?: number | undefined;
  /** From how many other processes snapshots are kept. @defaultValue 100 */
  readonly maxSources?: number | undefined;
  /** Measures the decay on `now`; snapshots carry `wallNow`. @defaultValue `systemClock` */
  readonly clock?: Clock | undefined;
}

/** The keys that weigh most of late: a sketch of fixed size, whatever is recorded. */
export interface HotKeys {
  /**
   * Counts a key. Whoever calls `keyForWrite` of a salter calls this too, once for each event.
   *
   * @param weight - From 0 to 2^53 − 1; what it counts (events, bytes, milliseconds) is yours.
   * @defaultValue `weight` is 1
   */
  record(key: string, weight?: number): void;
  /** The `k` heaviest keys of all processes together, the heaviest first. */
  top(k: number): HotKey[];
  /** How much a key weighs; `undefined` when it has no counter in any process. */
  estimate(key: string): HotKey | undefined;
  /** What this process has counted by itself; nothing of what was merged comes back out. */
  snapshot(): HotKeysSnapshot;
  /**
   * Takes what another process has counted, in place of what the same source sent last: a
   * snapshot that is sent twice counts once. It decays on; the last one of a process that is gone
   * is forgotten by that. With `maxSources` there, the one that was heard longest ago goes.
   *
   * @throws TypeError | RangeError when it is no snapshot, or one with another half-life.
   */
  merge(sourceId: string, snapshot: HotKeysSnapshot): void;
}

const defaults = Object.freeze({ capacity: 1_000, halfLifeMs: 60_000, maxSources: 100 });
const mostWeight = Number.MAX_SAFE_INTEGER;

/**
 * Creates a decayed Space-Saving sketch. Memory is bounded by capacity × (1 + maxSources) keys of
 * at most 1 024 characters, whatever keys come.
 *
 * @throws TypeError | RangeError for an option that is not what it says.
 * @example
 * ```ts
 * import { createHotKeys } from '@gabion/hash-ring/salting';
 *
 * const hot = createHotKeys({ capacity: 1_000, halfLifeMs: 60_000 });
 * for (const key of ['a', 'b', 'a', 'a']) hot.record(key);
 * const [first] = hot.top(1);
 * console.log(first?.key, first?.share); // a 0.75
 * ```
 */
export function createHotKeys(options: HotKeysOptions = {}): HotKeys {
  const fn = 'createHotKeys';
  const { capacity, halfLifeMs, maxSources, clock } = settle(fn, options);
  const summary = createSummary(capacity);
  const sources = createSources(maxSources);
  const decay = createDecay(halfLifeMs, clock.now(), (factor) => {
    summary.scale(factor);
    sources.scale(factor);
  });

  function everything(): Everything {
    decay.moveTo(clock.now());
    return {
      total: summary.total + sources.total,
      unseen: summary.unseen + sources.unseen,
      boost: decay.boost,
    };
  }

  return {
    record(key, weight = 1) {
      requireKey('record', 'key', key);
      requireNumber('record', 'weight', weight, { min: 0, max: mostWeight });
      if (weight === 0) return;
      decay.moveTo(clock.now());
      summary.add(key, weight * decay.boost);
    },
    top(k) {
      requireInteger('top', 'k', k, { min: 1 });
      const all = everything();
      const sums = sources.all();
      for (const counter of summary.counters()) {
        const { key } = counter;
        sums.set(key, add(sums.get(key) ?? nothing, counter, summary.unseen));
      }
      return [...sums]
        .map(([key, sum]) => toHotKey(key, sum, all))
        .sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
        .slice(0, k);
    },
    estimate(key) {
      requireKey('estimate', 'key', key);
      const all = everything();
      const own = summary.find(key);
      const others = sources.find(key);
      const sum = own === undefined ? others : add(others ?? nothing, own, summary.unseen);
      return sum && toHotKey(key, sum, all);
    },
    snapshot() {
      decay.moveTo(clock.now());
      const atMs = Math.max(0, clock.wallNow());
      return { layout: 1, halfLifeMs, atMs, ...countedBy(summary, decay.boost) };
    },
    merge(sourceId, snapshot) {
      requireKey('merge', 'sourceId', sourceId);
      const counted = readSnapshot('merge', snapshot, { halfLifeMs, capacity });
      // Clocks of two machines differ: what seems to come from the future is as of now.
      const ageMs = Math.max(0, clock.wallNow() - counted.atMs);
      decay.moveTo(clock.now());
      sources.put(sourceId, counted, decay.boost * 2 ** (-ageMs / halfLifeMs));
    },
  };
}

/** The options, checked, with their defaults. */
function settle(fn: string, options: HotKeysOptions) {
  const { clock = systemClock } = options;
  const capacity = options.capacity ?? defaults.capacity;
  requireInteger(fn, 'capacity', capacity, { min: 1, max: 2 ** 24 });
  const halfLifeMs = options.halfLifeMs ?? defaults.halfLifeMs;
  requireNumber(fn, 'halfLifeMs', halfLifeMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
  const maxSources = options.maxSources ?? defaults.maxSources;
  requireInteger(fn, 'maxSources', maxSources, { min: 0 });
  return { capacity, halfLifeMs, maxSources, clock };
}

/** What a summary has counted, in units of now. */
function countedBy({ total, unseen, counters }: Summary, boost: number) {
  const sorted = [...counters()].sort((a, b) => b.weight - a.weight);
  return {
    total: total / boost,
    unseen: unseen / boost,
    counters: sorted.map(({ key, weight, error }) => [key, weight / boost, error / boost] as const),
  };
}
