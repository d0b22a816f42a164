import type { Chart, Figure, Findings, Point } from '@gabion-examples/tour/stop';
import type { Load } from './load.js';
import { judge } from './promises.js';
import type { Run } from './run.js';
import { type Kind, longestLine, median, pagesPerSecond, sinceFlood } from './tally.js';
import { timelineOf } from './timeline.js';

/** What both runs together show. */
export function findingsOf(load: Load, without: Run, limited: Run): Findings {
  return {
    timeline: timelineOf(load, without),
    chart: chartOf(without, limited),
    figures: figuresOf(load, without, limited),
    promises: judge(load, without, limited),
  };
}

function chartOf(without: Run, limited: Run): Chart {
  return {
    title: 'Pages that the obedient clients got in time, added up (a flat line: nobody is served)',
    axis: 'seconds',
    without: steps(without),
    with: steps(limited),
  };
}

/** Each page in time is a step up. */
function steps({ ms, answers }: Run): Point[] {
  const inTime = answers
    .filter(({ client, outcome }) => client.startsWith('obedient') && outcome === 'page')
    .map(({ sentAtMs, tookMs }) => (sentAtMs + tookMs) / 1_000)
    .sort((a, b) => a - b);
  const last: Point = [ms / 1_000, inTime.length];
  return [[0, 0], ...inTime.map((second, i): Point => [second, i + 1]), last];
}

function figuresOf(load: Load, without: Run, limited: Run): Findings['figures'] {
  const row = (what: string, figure: (run: Run) => string): Figure => {
    return { what, without: figure(without), with: figure(limited) };
  };
  const perSecond = (kind: Kind) => (run: Run) => pagesPerSecond(load, run, kind).toFixed(1);
  const tookMs = (kind: Kind, wanted: string) => (run: Run) =>
    sinceFlood(load, run, kind)
      .filter(({ outcome }) => outcome === wanted)
      .map((answer) => answer.tookMs);
  const pages = tookMs('obedient', 'page');
  const hungUp = tookMs('obedient', 'hung-up');
  const refused = tookMs('greedy', 'refused');
  return [
    row('pages a second for the obedient clients', perSecond('obedient')),
    row('  such a page took (median)', (run) => inMs(median(pages(run)))),
    row('  hung up, out of patience', (run) => times(hungUp(run).length)),
    row('pages a second for the greedy clients', perSecond('greedy')),
    row('  refused with 429', (run) => times(refused(run).length)),
    row('  and told so within (median)', (run) => inMs(median(refused(run)))),
    row('longest line at the server', (run) => `${longestLine(run)} requests`),
    row('pages made for clients that had hung up', ({ served }) => String(served.forNobody)),
  ];
}

function inMs(figure: number): string {
  return Number.isNaN(figure) ? 'none' : `${Math.max(1, Math.round(figure))} ms`;
}

function times(count: number): string {
  return count === 0 ? 'never' : `${count} times`;
}
