import type { Findings, Stage, TourStop } from '@gabion-examples/tour/stop';
import { findingsOf } from './findings.js';
import { type Load, tourLoad } from './load.js';
import { type Call, type Run, run } from './run.js';
import { budgeted, budgetedWithBreaker, naive, naiveWithBreaker, type Way } from './ways.js';

/** The same load, by four kinds of clients. */
export interface Demonstration {
  readonly load: Load;
  readonly naive: Run;
  readonly naiveWithBreaker: Run;
  readonly budgeted: Run;
  readonly budgetedWithBreaker: Run;
}

/** How far a run is, while it goes on. */
function progress(calls: readonly Call[]): string {
  const answered = calls.filter(({ outcome }) => outcome === 'answered').length;
  return `${answered} of ${calls.length} calls answered`;
}

/** Runs all four, one after the other. */
export async function demonstrate(load: Load, { phase, signal }: Stage): Promise<Demonstration> {
  const show = (title: string, way: Way) =>
    phase(title, (tell) => run(load, way, { signal, tell: (calls) => tell(progress(calls)) }));
  return {
    load,
    naive: await show('with naive retries', naive),
    naiveWithBreaker: await show('with naive retries and a breaker', naiveWithBreaker),
    budgeted: await show('with a budget for each client', budgeted),
    budgetedWithBreaker: await show('with budgets and breakers', budgetedWithBreaker),
  };
}

async function findings(stage: Stage): Promise<Findings> {
  return findingsOf(await demonstrate(tourLoad, stage));
}

const { serviceMs, slowServiceMs, slowFromMs, slowToMs, callsPerSecond, timeoutMs } = tourLoad;
const { maxAttempts, ratio, reserve, clients } = tourLoad;

/** The retry budget, beside naive retries and a breaker. */
export const stop: TourStop = {
  pattern: 'retry-budget',
  title: 'a service is slow for a second, and its clients keep it down ever after',
  story: [
    `A service answers ${1_000 / serviceMs} requests a second, and ${callsPerSecond} are wanted. ` +
      `For ${(slowToMs - slowFromMs) / 1_000} s something else needs its disk, and it answers ` +
      `${1_000 / slowServiceMs}. Clients wait ${timeoutMs} ms, give up and try again, up to ` +
      `${maxAttempts} times, with backoff and jitter. What they gave up is still in the line, ` +
      'and is worked off for nobody. So once the service is itself again, it is asked for more ' +
      'than it ever could do, and everything is late, and is asked again.',
    `A retry budget lets a client retry only what its successes have paid for, ${ratio} retries ` +
      `each, and a reserve of ${reserve}; there are ${clients} clients. When nothing succeeds, ` +
      'nothing is retried, and the line is worked off as if nobody ever retried. A circuit ' +
      'breaker is another thing: it stops first attempts, too. Here is what each does, and both.',
  ],
  run: findings,
};
