import { setMaxListeners } from 'node:events';
import { countEvents } from './events.js';
import type { Load } from './load.js';
import { nowMs, type Sent, type Served, startPartition } from './partitions.js';
import { type Route, type Routed, ringOf } from './routes.js';
import { type Total, total } from './second-stage.js';

/** All that one run left behind. */
export interface Run {
  /** How many records each partition served, by its name. */
  readonly loads: ReadonlyMap<string, number>;
  /** When each partition was done, in milliseconds from the start. */
  readonly doneAtMs: ReadonlyMap<string, number>;
  /** When the last one was. */
  readonly ms: number;
  readonly total: Total;
}

/** What a run is told from outside. */
export interface RunOptions {
  readonly signal: AbortSignal;
  /** Hears how many events are on their way. */
  tell(sent: number): void;
}

/** Sends all events by one route, waits for every partition, and counts. */
export async function run(
  load: Load,
  events: readonly string[],
  route: Route,
  { signal, tell }: RunOptions,
): Promise<Run> {
  signal.throwIfAborted();
  await using threads = await startThreads(load, signal);
  const { partitions } = threads;
  // All is routed before the clock starts: what is measured are the partitions.
  const windows = Array.from({ length: Math.ceil(events.length / load.windowEvents) }, (_, i) =>
    batchesOf(route.route(events.slice(i * load.windowEvents, (i + 1) * load.windowEvents))),
  );
  const startedAtMs = nowMs();
  for (const [i, batches] of windows.entries()) {
    for (const [name, batch] of batches) partitions.get(name)?.send(batch);
    tell(Math.min(events.length, (i + 1) * load.windowEvents));
  }
  const served = new Map<string, Served>();
  await Promise.all(
    [...partitions].map(async ([name, one]) => void served.set(name, await one.finish())),
  );
  const ofEach = <T>(figure: (one: Served) => T) => {
    return new Map(
      [...partitions.keys()].map((name) => [name, figure(served.get(name) as Served)]),
    );
  };
  const doneAtMs = ofEach((one) => one.doneAtMs - startedAtMs);
  return {
    loads: ofEach(({ records }) => records),
    doneAtMs,
    ms: Math.max(...doneAtMs.values()),
    total: total(countEvents(events).keys(), route, served),
  };
}

/** The records for each partition, in their order. */
function batchesOf(routed: readonly Routed[]): Map<string, Sent[]> {
  const batches = new Map<string, Sent[]>();
  for (const { partition, key, count } of routed) {
    const batch = batches.get(partition);
    if (batch === undefined) batches.set(partition, [[key, count]]);
    else batch.push([key, count]);
  }
  return batches;
}

async function startThreads(load: Load, outer: AbortSignal) {
  const end = new AbortController();
  // Every partition listens; more than ten listeners are no leak here.
  setMaxListeners(0, end.signal);
  const endEarly = () => end.abort(outer.reason);
  outer.addEventListener('abort', endEarly, { once: true });
  const names = ringOf(load).nodes.map(({ id }) => id);
  const started = await Promise.all(names.map(() => startPartition(load, end.signal)));
  const partitions = new Map(
    names.map((name, i) => [name, started[i] as (typeof started)[number]]),
  );
  return {
    partitions,
    async [Symbol.asyncDispose]() {
      outer.removeEventListener('abort', endEarly);
      await Promise.all([...partitions.values()].map((one) => one[Symbol.asyncDispose]()));
    },
  };
}
