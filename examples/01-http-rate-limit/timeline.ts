import type { Moment } from '@gabion-examples/tour/stop';
import type { Load } from './load.js';
import type { Run } from './run.js';
import { longestLine, median } from './tally.js';

/** What became of the run without a limiter, in the order in which it happened. */
export function timelineOf(load: Load, run: Run): Moment[] {
  const moments = [calm(load, run), flood(load), ...line(load, run), ...lost(load, run)];
  return [...moments.sort((a, b) => a.atMs - b.atMs), outcome(run)];
}

function calm({ obedient, floodAtMs }: Load, { answers }: Run): Moment {
  const before = answers.filter(
    ({ sentAtMs, tookMs, outcome }) => outcome === 'page' && sentAtMs + tookMs < floodAtMs,
  );
  const usual = Math.round(median(before.map(({ tookMs }) => tookMs)));
  return {
    atMs: 0,
    what: `${obedient} obedient clients read page after page; one takes ${usual} ms`,
  };
}

function flood({ floodAtMs, greedy, connections }: Load): Moment {
  return {
    atMs: floodAtMs,
    what: `${greedy} greedy clients come: ${connections} requests at once each, and no pause`,
  };
}

function line({ serviceMs, workers, patienceMs }: Load, run: Run): Moment[] {
  const longest = longestLine(run);
  const full = run.line.find(({ waiting }) => waiting >= 0.9 * longest);
  if (full === undefined || longest === 0) return [];
  const waitMs = Math.round((full.waiting * serviceMs) / workers);
  const what =
    `${full.waiting} requests wait in line, which takes ${waitMs} ms; ` +
    `patience is ${patienceMs} ms`;
  return [{ atMs: full.atMs, what }];
}

function lost({ patienceMs }: Load, { answers }: Run): Moment[] {
  const first = answers.find(({ outcome }) => outcome === 'hung-up');
  if (first === undefined) return [];
  const what = `the first obedient client hangs up after ${patienceMs} ms, and tries again`;
  return [{ atMs: first.sentAtMs + first.tookMs, what }];
}

function outcome({ ms, answers, served }: Run): Moment {
  const hungUp = answers.filter((answer) => answer.outcome === 'hung-up').length;
  const what =
    `by now they have hung up ${hungUp} times, and the server made ${served.forNobody} pages for ` +
    'clients that were gone';
  return { atMs: ms, what };
}
