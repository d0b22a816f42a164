import type { Moment } from '@gabion-examples/tour/stop';
import type { Load } from './load.js';
import type { Run } from './run.js';
import type { Demonstration } from './stop.js';
import { longestLine } from './tally.js';

/** What became of the run with naive retries, in the order in which it happened. */
export function timelineOf({ load, naive }: Demonstration): Moment[] {
  const moments = [calm(load), slow(load), ...lastAnswer(load, naive), whole(load, naive)];
  return [...moments.sort((a, b) => a.atMs - b.atMs), outcome(load, naive)];
}

function calm({ clients, callsPerSecond, serviceMs }: Load): Moment {
  const share = Math.round((callsPerSecond * serviceMs) / 10);
  return {
    atMs: 0,
    what: `${clients} clients make ${callsPerSecond} calls a second: ${share} % of what it can do`,
  };
}

function slow({ slowFromMs, slowServiceMs, callsPerSecond }: Load): Moment {
  const missing = callsPerSecond - 1_000 / slowServiceMs;
  return { atMs: slowFromMs, what: `the service is slow: ${missing} calls a second too many` };
}

/** The last call that was answered before the service was itself again. */
function lastAnswer({ slowFromMs, slowToMs, timeoutMs }: Load, { calls }: Run): Moment[] {
  const last = calls
    .filter(({ outcome, endedAtMs }) => outcome === 'answered' && endedAtMs < slowToMs)
    .at(-1);
  if (last === undefined || last.endedAtMs < slowFromMs) return [];
  const what = `the last call is answered: from now on everybody waits longer than ${timeoutMs} ms`;
  return [{ atMs: last.endedAtMs, what }];
}

function whole({ slowToMs, serviceMs }: Load, { line }: Run): Moment {
  const queued = line.find(({ atMs }) => atMs >= slowToMs)?.queued ?? 0;
  const what =
    `the service is itself again; ${queued} requests wait, which is ${queued * serviceMs} ms ` +
    'of work';
  return { atMs: slowToMs, what };
}

function outcome({ runMs, slowToMs, serviceMs }: Load, run: Run): Moment {
  const sent = run.sentAtMs.filter((atMs) => atMs >= slowToMs).length;
  const perSecond = Math.round((sent * 1_000) / (runMs - slowToMs));
  const what =
    `by now ${longestLine(run)} wait, for ${perSecond} requests a second have come since, where ` +
    `${1_000 / serviceMs} are possible`;
  return { atMs: runMs, what };
}
