import type { Chart, Figure, Findings, Point } from '@gabion-examples/tour/stop';
import type { Load } from './load.js';
import { judge, percent } from './promises.js';
import type { Run } from './run.js';
import type { Demonstration } from './stop.js';
import * as tally from './tally.js';
import { timelineOf } from './timeline.js';

/** What all four runs together show. */
export function findingsOf(all: Demonstration): Findings {
  return {
    timeline: timelineOf(all),
    chart: chartOf(all),
    figures: figuresOf(all),
    promises: judge(all),
  };
}

function chartOf({ load, naive, budgeted }: Demonstration): Chart {
  const { slowFromMs, slowToMs, callsPerSecond } = load;
  return {
    title:
      `Calls answered, a second; ${callsPerSecond} are made, and the service is slow from ` +
      `${slowFromMs / 1_000} to ${slowToMs / 1_000} s`,
    axis: 'seconds',
    without: steps(load, naive),
    with: steps(load, budgeted),
  };
}

/** Each window as wide as it is. */
function steps(load: Load, run: Run): Point[] {
  const seconds = (window: number) => (window * tally.windowMs) / 1_000;
  const points = tally.goodput(load, run).map((y, i): Point => [seconds(i), y]);
  const last: Point = [load.runMs / 1_000, points.at(-1)?.[1] ?? 0];
  return [...points, last];
}

/** Each figure of the clients alone, and of the same clients with a breaker. */
function figuresOf(all: Demonstration): Findings['figures'] {
  const { load } = all;
  const row = (what: string, figure: (run: Run) => string): Figure => {
    return { what, without: figure(all.naive), with: figure(all.budgeted) };
  };
  const withBreaker = (figure: (run: Run) => string): Figure => {
    const what = '  with a breaker added';
    return { what, without: figure(all.naiveWithBreaker), with: figure(all.budgetedWithBreaker) };
  };
  const both = (what: string, figure: (run: Run) => string): [Figure, Figure] => {
    return [row(what, figure), withBreaker(figure)];
  };
  return [
    ...both('calls answered in the last second', (run) => percent(tally.lastShare(load, run))),
    ...both('all is well again, after the service is', (run) => {
      const ms = tally.recoveredAfterMs(load, run);
      return ms === undefined ? 'never' : `${(ms / 1_000).toFixed(2)} s`;
    }),
    ...both('requests sent per call', (run) => tally.amplification(load, run).toFixed(2)),
    ...both('work done for clients that were gone', (run) => `${run.served.forNobody} times`),
    ...both('calls answered, in all', (run) => String(tally.count(run, 'answered'))),
    ...both('longest line at the service', (run) => `${tally.longestLine(run)} requests`),
    ...both('calls that a breaker refused', (run) => String(tally.count(run, 'refused'))),
  ];
}
