import type { Verdict } from '@gabion-examples/tour/stop';
import type { Demonstration } from './stop.js';
import { count, lastShare, retries } from './tally.js';

/** Judges what a budget promises by what was sent and answered. */
export function judge(all: Demonstration): Verdict[] {
  return [capped(all), firstAttemptsFree(all), back(all), bites(all), breakerStopsMore(all)];
}

function capped({ load, budgeted }: Demonstration): Verdict {
  const { clients, reserve, ratio } = load;
  const answered = count(budgeted, 'answered');
  const most = clients * Math.max(1, reserve) + ratio * answered;
  return {
    claim: `retries are at most ${clients} reserves of ${reserve} and ${ratio} of what succeeded`,
    kept: retries(budgeted) <= most && answered > 0,
    measured: `${retries(budgeted)} retries, and ${Math.floor(most)} were allowed`,
  };
}

function firstAttemptsFree({ budgeted }: Demonstration): Verdict {
  const unsent = budgeted.calls.filter(({ attempts }) => attempts === 0).length;
  return {
    claim: 'a budget never holds back a first attempt',
    kept: unsent === 0 && budgeted.calls.length > 0,
    measured: `${unsent} of ${budgeted.calls.length} calls ended without one`,
  };
}

function back({ load, budgeted }: Demonstration): Verdict {
  const share = lastShare(load, budgeted);
  return {
    claim: 'with budgets the service is back: 9 of 10 calls of the last second are answered',
    kept: budgeted.begunAtMs.length > 0 && share >= 0.9,
    measured: `${percent(share)} of them`,
  };
}

function bites({ load, naive }: Demonstration): Verdict {
  const share = lastShare(load, naive);
  return {
    claim: 'with naive retries it stays down (less than half): the demonstration bites',
    kept: naive.begunAtMs.length > 0 && share < 0.5,
    measured: `${percent(share)} of them`,
  };
}

function breakerStopsMore(all: Demonstration): Verdict {
  const refused = [all.naiveWithBreaker, all.budgetedWithBreaker].map((run) =>
    count(run, 'refused'),
  );
  const without = count(all.budgeted, 'refused');
  return {
    claim: 'a breaker stops calls before they are sent, and a budget does not: they are two things',
    kept: refused.every((calls) => calls > 0) && without === 0,
    measured: `refused: ${refused.join(' and ')} with breakers, ${without} without`,
  };
}

/** A part of a whole, to be read. */
export function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}
