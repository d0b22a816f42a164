import type { Chart, Figure, Findings, Point } from '@gabion-examples/tour/stop';
import { judge } from './promises.js';
import type { Run } from './run.js';
import type { Demonstration } from './stop.js';
import { byCount, fullestFirst, peakToMean } from './tally.js';
import { timelineOf } from './timeline.js';

/** What all runs together show. */
export function findingsOf(all: Demonstration): Findings {
  return {
    timeline: timelineOf(all),
    chart: chartOf(all),
    figures: figuresOf(all),
    promises: judge(all),
  };
}

function chartOf({ plain, salted }: Demonstration): Chart {
  return {
    title: 'Records that each partition has to serve, the fullest first',
    axis: 'partitions',
    without: bars(plain),
    with: bars(salted),
  };
}

/** Each partition as wide as one. */
function bars(run: Run): Point[] {
  const loads = fullestFirst(run);
  const last: Point = [loads.length, loads.at(-1) as number];
  return [...loads.map((load, i): Point => [i, load]), last];
}

function figuresOf(all: Demonstration): Findings['figures'] {
  const { plain, bounded, counted, salted, truth, seats } = all;
  const [[hottest]] = byCount(truth) as [[string, number]];
  const peak = (run: Run) => `${peakToMean(run).toFixed(2)} ×`;
  const fullest = (run: Run) => String(fullestFirst(run)[0]);
  const row = (what: string, figure: (run: Run) => string, other = salted): Figure => {
    return { what, without: figure(plain), with: figure(other) };
  };
  const took = (run: Run) => `${(run.ms / 1_000).toFixed(2)} s`;
  const reads = (run: Run) => String(run.total.reads);
  return [
    row('fullest partition, × the mean', peak),
    row('  with a bounded ring instead of salts', peak, bounded),
    row('  counted in the producer first', peak, counted),
    row('records on the fullest partition', fullest),
    row('  with a bounded ring instead of salts', fullest, bounded),
    row('  counted in the producer first', fullest, counted),
    row('until the last partition is done', took),
    row('  with a bounded ring instead of salts', took, bounded),
    row('  counted in the producer first', took, counted),
    row('reads to count every key', reads),
    row('  with a bounded ring instead of salts', reads, bounded),
    { what: 'reads to count the hottest key', without: '1', with: String(seats(hottest).length) },
  ];
}
