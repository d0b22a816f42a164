import type { Chart, Findings, Point, Verdict } from '@gabion-examples/tour/stop';
import type { Night, Plan } from './night.js';

/** What the bank should hold after the night: every account with interest once, and the deposit. */
export function due({ accounts, deposit }: Plan): number {
  return accounts * 110 + deposit;
}

/** How often each account was paid interest, by the writes that the bank accepted. */
export function timesPaid({ accounts }: Plan, { bank }: Night): number[] {
  return Array.from({ length: accounts }, (_, account) => {
    return bank.writes.filter((write) => write.accepted && write.account === account).length;
  });
}

const total = ({ bank }: Night) => bank.balances.reduce((sum, balance) => sum + balance, 0);
const money = (amount: number) => amount.toFixed(2);

/** What both nights together show. */
export function findingsOf(plan: Plan, without: Night, guarded: Night): Findings {
  const row = (what: string, figure: (night: Night) => string) => {
    return { what, without: figure(without), with: figure(guarded) };
  };
  const twice = (night: Night) => timesPaid(plan, night).filter((times) => times > 1).length;
  const refused = (night: Night) => night.bank.writes.filter(({ accepted }) => !accepted).length;
  return {
    timeline: without.timeline,
    chart: chartOf(plan, without, guarded),
    figures: [
      row('the ledger is wrong by', (night) => money(total(night) - due(plan))),
      row('accounts that were paid interest twice', (night) => String(twice(night))),
      row(`account ${plan.pausedAt} holds`, ({ bank }) => money(bank.balances[plan.pausedAt] ?? 0)),
      row('writes that were refused', (night) => String(refused(night))),
      row('its port accepted a connection in the pause', ({ port }) =>
        port.accepted ? 'yes' : 'no',
      ),
      row('  and somebody answered', ({ port }) => (port.answered ? 'yes' : 'no')),
      row("the paused leader's run ended in", ({ leaderEnding }) => leaderEnding),
    ],
    promises: judge(plan, without, guarded),
  };
}

function chartOf(plan: Plan, without: Night, guarded: Night): Chart {
  const opening = plan.accounts * 100;
  const steps = ({ bank }: Night): Point[] =>
    bank.totals.flatMap(([atMs, sum], i): Point[] => {
      const before = bank.totals[i - 1]?.[1] ?? sum;
      const second = Math.max(0, atMs) / 1_000;
      return [
        [second, before - opening],
        [second, sum - opening],
      ];
    });
  return {
    title: `What came in that night, in all (due in the end: ${due(plan) - opening})`,
    axis: 'seconds',
    without: steps(without),
    with: steps(guarded),
  };
}

function judge(plan: Plan, without: Night, guarded: Night): Verdict[] {
  const wrong = total(guarded) - due(plan);
  const paid = timesPaid(plan, guarded);
  const stale = guarded.bank.writes.filter(({ accepted }) => !accepted);
  const lost = (without.bank.balances[plan.pausedAt] ?? 0) < plan.deposit;
  return [
    {
      claim: 'with the fence the ledger is right to the cent, and the deposit is there',
      kept: Math.abs(wrong) < 0.005,
      measured: `it holds ${money(total(guarded))} of ${money(due(plan))}`,
    },
    {
      claim: 'with the fence every account is paid interest exactly once',
      kept: paid.every((times) => times === 1),
      measured: `${paid.filter((times) => times === 1).length} of ${plan.accounts} accounts`,
    },
    {
      claim: "the zombie's first write is refused, and it makes no second one",
      kept: stale.length === 1 && stale[0]?.by === 'first',
      measured: stale.map(({ by, account }) => `${by} at account ${account}`).join(', ') || 'none',
    },
    {
      claim: 'the leader is told that it has no lock: by the bank or by its own clocks',
      kept: ['STALE_FENCE', 'LEASE_LOST'].includes(guarded.leaderEnding),
      measured: `its run ended in ${guarded.leaderEnding}`,
    },
    {
      claim: 'without the fence this very pause corrupts the ledger: the demonstration bites',
      kept: lost && Math.abs(total(without) - due(plan)) > 1,
      measured: `it is wrong by ${money(total(without) - due(plan))}`,
    },
  ];
}
