import type { Moment } from '@gabion-examples/tour/stop';
import type { Demonstration } from './stop.js';
import { byCount, meanLoad } from './tally.js';

/** What became of the run with plain hashing, and of the others after it. */
export function timelineOf(all: Demonstration): Moment[] {
  const { load, plain, truth } = all;
  const [[, most]] = byCount(truth) as [[string, number]];
  const done = [...plain.doneAtMs].sort((a, b) => a[1] - b[1]);
  const [, firstMs] = done[0] as [string, number];
  const [, secondLastMs] = done.at(-2) as [string, number];
  const [last, lastMs] = done.at(-1) as [string, number];
  const times = ((plain.loads.get(last) as number) / meanLoad(plain)).toFixed(1);
  return [
    {
      atMs: 0,
      what:
        `${load.events} events of ${truth.size} keys go to ${load.partitions} partitions, ` +
        `and ${percent(most / load.events)} of them are of one key`,
    },
    { atMs: firstMs, what: 'the first partition has nothing more to do' },
    { atMs: secondLastMs, what: `all but ${last} are done, and wait` },
    { atMs: lastMs, what: `${last} is done: it had ${times} × the mean` },
  ];
}

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}
