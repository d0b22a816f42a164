import {
  type BoundedRing,
  createBoundedRing,
  createHashRing,
  type HashRing,
} from '@gabion/hash-ring';
import { createHotKeys, createSalter, type Salter, saltSteps } from '@gabion/hash-ring/salting';
import { countEvents, createRandom } from './events.js';
import type { Load } from './load.js';

/** A record on its way: to which partition, of which key, and how many events it stands for. */
export interface Routed {
  readonly partition: string;
  readonly key: string;
  readonly count: number;
}

/** A way to spread events over partitions. */
export interface Route {
  /** What a window of events becomes. */
  route(keys: readonly string[]): Routed[];
  /** Where the parts of a key may be, and under which name: all of them are to be read. */
  seats(key: string): readonly { readonly partition: string; readonly key: string }[];
}

/** The ring of all partitions, `p1` to `p…`. */
export function ringOf({ partitions }: Pick<Load, 'partitions'>): HashRing {
  return createHashRing(Array.from({ length: partitions }, (_, i) => `p${i + 1}`));
}

const nodeOf = (ring: Pick<HashRing, 'nodeFor'>, key: string) => ring.nodeFor(key) as string;

/** Every event goes to the partition of its key. */
export function plainRoute(ring: HashRing): Route {
  return {
    route: (keys) => keys.map((key) => ({ partition: nodeOf(ring, key), key, count: 1 })),
    seats: (key) => [{ partition: nodeOf(ring, key), key }],
  };
}

/**
 * No partition holds more than its share and a quarter: a key that finds its partition full goes
 * to the next one. Which of them a key has been to, nobody knows afterwards.
 */
export function boundedRoute(ring: HashRing): Route & { readonly bounded: BoundedRing } {
  const bounded = createBoundedRing(ring, { loadFactor: 1.25 });
  return {
    bounded,
    // Never released: all events are under way until the last one is served.
    route: (keys) =>
      keys.map((key) => ({ partition: bounded.acquire(key)?.node as string, key, count: 1 })),
    seats: (key) => ring.nodes.map(({ id }) => ({ partition: id, key })),
  };
}

/** The producer counts each window first: a key goes to its partition once a window. */
export function countedRoute(ring: HashRing): Route {
  return {
    ...plainRoute(ring),
    route: (keys) =>
      [...countEvents(keys)].map(([key, count]) => ({ partition: nodeOf(ring, key), key, count })),
  };
}

/** The producer watches which keys are hot, and spreads those over several partitions. */
export function saltedRoute(ring: HashRing, load: Load): Route & { readonly salter: Salter } {
  const { partitions, watchEvents, seed } = load;
  const hot = createHotKeys({ capacity: 500 });
  const salter = createSalter({
    ring,
    hot,
    maxSalts: partitions,
    random: createRandom(seed),
    config: { version: 0, readSalts: {}, writeSalts: {} },
  });
  let watched = 0;

  function watch(keys: readonly string[]): void {
    for (const key of keys) hot.record(key);
    watched += keys.length;
    if (watched < watchEvents) return;
    // In a fleet, every process takes each step before any takes the next. Here there is one.
    const steps = saltSteps(salter.config, salter.factors());
    for (const config of steps.slice(1)) salter.update({ config });
  }

  return {
    salter,
    route(keys) {
      const routed = keys.map((plain) => {
        const key = salter.keyForWrite(plain);
        return { partition: nodeOf(salter as Pick<HashRing, 'nodeFor'>, key), key, count: 1 };
      });
      if (watched < watchEvents) watch(keys);
      return routed;
    },
    seats: (plain) =>
      salter.keysForRead(plain).map((key) => {
        return { partition: nodeOf(salter as Pick<HashRing, 'nodeFor'>, key), key };
      }),
  };
}
