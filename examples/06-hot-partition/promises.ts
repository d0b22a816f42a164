import type { Verdict } from '@gabion-examples/tour/stop';
import type { Run } from './run.js';
import type { Demonstration } from './stop.js';
import { byCount, fullestFirst, meanLoad, miscounted, peakToMean } from './tally.js';

/** Judges what salting promises by the load counts of the partitions, never by time. */
export function judge(all: Demonstration): Verdict[] {
  return [exact(all), flat(all), flatter(all), distinct(all), found(all), bounded(all)];
}

function exact({ truth, plain, bounded, counted, salted }: Demonstration): Verdict {
  const wrong = [plain, bounded, counted, salted].map((run) => miscounted(run, truth));
  const sum = wrong.reduce((a, b) => a + b);
  return {
    claim: 'the count in two stages is exactly the one without salts, for every key',
    kept: sum === 0 && truth.size > 0,
    measured: `${sum} of ${truth.size} keys differ, though each part was delivered twice`,
  };
}

/** Each hot key may lift a node by a tenth of the mean, and the ring itself is not quite even. */
function flat({ salted }: Demonstration): Verdict {
  return {
    claim: 'with hot keys salted, no partition has more than 1.5 × the mean',
    kept: peakToMean(salted) <= 1.5,
    measured: `the fullest has ${peakToMean(salted).toFixed(2)} × the mean`,
  };
}

/** What is above the mean is what everybody waits for. */
function flatter({ plain, salted }: Demonstration): Verdict {
  const above = (run: Run) => (fullestFirst(run)[0] as number) - meanLoad(run);
  return {
    claim: 'the straggler has at most a third of what it had above the mean',
    kept: above(plain) > 0 && above(salted) <= above(plain) / 3,
    measured: `${Math.round(above(salted))} records instead of ${Math.round(above(plain))}`,
  };
}

function distinct({ hot, seats }: Demonstration): Verdict {
  const doubled = hot.filter((key) => new Set(seats(key)).size < seats(key).length);
  return {
    claim: 'no two salts of a key are on one partition',
    kept: doubled.length === 0 && hot.length > 0,
    measured: `${doubled.length} of ${hot.length} salted keys have two on one`,
  };
}

/** A key a little above the threshold may have been below it in what the producer watched. */
function found({ load, truth, hot }: Demonstration): Verdict {
  const shareOfOneSalt = 0.1 / (load.partitions - 1);
  const surely = byCount(truth).filter(([, count]) => count > 2 * shareOfOneSalt * load.events);
  const missed = surely.filter(([key]) => !hot.includes(key)).length;
  return {
    claim: 'every key with twice the share that one partition can bear was found',
    kept: missed === 0 && surely.length > 0,
    measured: `${surely.length - missed} of ${surely.length}, among ${truth.size} keys`,
  };
}

function bounded({ load, bounded: run }: Demonstration): Verdict {
  const most = Math.ceil((1.25 * load.events) / load.partitions);
  const [fullest] = fullestFirst(run) as [number];
  return {
    claim: 'on a bounded ring, no partition has more than 1.25 × the mean, rounded up',
    kept: fullest <= most,
    measured: `the fullest has ${fullest} records; ${most} may be there`,
  };
}
