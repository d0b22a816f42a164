import type { Findings, Stage, TourStop } from '@gabion-examples/tour/stop';
import { countEvents, drawEvents } from './events.js';
import { findingsOf } from './findings.js';
import { type Load, tourLoad } from './load.js';
import {
  boundedRoute,
  countedRoute,
  plainRoute,
  type Route,
  ringOf,
  saltedRoute,
} from './routes.js';
import { type Run, run } from './run.js';

/** The same events by four routes. */
export interface Demonstration {
  readonly load: Load;
  /** How many events each key has. */
  readonly truth: ReadonlyMap<string, number>;
  readonly plain: Run;
  readonly bounded: Run;
  readonly counted: Run;
  readonly salted: Run;
  /** The keys that were found to be hot, and salted. */
  readonly hot: readonly string[];
  /** The partition of each salt of a key. */
  seats(key: string): readonly string[];
}

/** Runs all four, one after the other. */
export async function demonstrate(load: Load, { phase, signal }: Stage): Promise<Demonstration> {
  const events = drawEvents(load);
  const ring = ringOf(load);
  const salting = saltedRoute(ring, load);
  const show = (title: string, route: Route) =>
    phase(title, async (tell) => {
      const one = await run(load, events, route, {
        signal,
        tell: (sent) => tell(`${sent} events sent`),
      });
      tell(`the last partition was done after ${(one.ms / 1_000).toFixed(2)} s`);
      return one;
    });
  const plain = await show('with plain hashing', plainRoute(ring));
  const bounded = await show('with a bounded ring', boundedRoute(ring));
  const counted = await show('counted in the producer first', countedRoute(ring));
  const salted = await show('with hot keys detected and salted', salting);
  return {
    load,
    truth: countEvents(events),
    ...{ plain, bounded, counted, salted },
    hot: Object.keys(salting.salter.config.writeSalts),
    seats: (key) => salting.seats(key).map(({ partition }) => partition),
  };
}

async function findings(stage: Stage): Promise<Findings> {
  return findingsOf(await demonstrate(tourLoad, stage));
}

const { partitions, events, serviceUs, watchEvents } = tourLoad;

/** Salting, and what else there is for a partition that has too much. */
export const stop: TourStop = {
  pattern: 'hash-ring',
  title: 'one celebrity keeps one partition busy, and all others wait for it',
  story: [
    `${events} events are counted by key on ${partitions} partitions, a thread each; a record ` +
      `takes ${serviceUs} µs. A hash ring gives every partition about as many keys, but keys are ` +
      'not alike: a celebrity has as many events as thousands of others. More partitions do not ' +
      'help, for one key stays one key.',
    'Salting gives such a key several names, each on a partition of its own. The producer ' +
      `watches ${watchEvents} events with a sketch of fixed size, finds the keys that are too ` +
      'hot, and writes each to as many salts as its share needs. The partitions count, and a ' +
      'second stage adds up the parts. The price: events of one key are in order only within a ' +
      'salt, and a count takes a read of each salt.',
  ],
  run: findings,
};
