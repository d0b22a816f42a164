import { type Policy, policies, type Simulation, simulate } from '@gabion/retry-budget/simulate';
import { say } from '../progress.js';
import type { Cell, Findings, Settings, Table } from '../report.js';
import { median } from '../stats.js';

/** More seeds say little more, and each takes seconds. */
const mostSeeds = 5;
const capacityPerSecond = 50;
const demands = [0.7, 0.9] as const;
const fleets = [1, 10] as const;

/** What is said of a policy in the table. */
const titles: Readonly<Record<keyof typeof policies, string>> = {
  none: 'no retries',
  naive: 'naive: three retries, full jitter',
  success: "gabion, 'success' (the default)",
  request: "gabion, 'request'",
  concurrency: "gabion, 'concurrency'",
  finagle: "as Finagle's RetryBudget",
  envoy: "as Envoy's retry budget",
  grpc: "as gRPC A6's throttling",
  aws: "as AWS's standard mode",
};

/** A dip of ten seconds to half of the capacity. */
async function dip(policy: Policy, demand: number, clients: number, seed: number) {
  return simulate({
    policy,
    capacityPerSecond,
    demandPerSecond: demand * capacityPerSecond,
    clientTimeoutMs: 1_000,
    fault: { fromMs: 10_000, toMs: 20_000, capacityPerSecond: capacityPerSecond / 2 },
    ...{ clients, seed },
  });
}

/** The median of the recovery times, in seconds; half of them or more may have none. */
export function spokenMedian(simulations: readonly Pick<Simulation, 'recoveredAfterMs'>[]): Cell {
  const ms = median(simulations.map(({ recoveredAfterMs }) => recoveredAfterMs ?? Infinity));
  return ms === Infinity ? 'never' : ms / 1_000;
}

async function cellsOf(policy: Policy, clients: number, seeds: number): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const demand of demands) {
    const simulations: Simulation[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      simulations.push(await dip(policy, demand, clients, seed));
    }
    cells.push(spokenMedian(simulations));
    cells.push(median(simulations.map(({ amplification }) => amplification)));
  }
  return cells;
}

/** How long a service takes to recover from a dip under every policy, in virtual time. */
export async function measureRecovery({ rounds }: Settings): Promise<Findings> {
  const seeds = Math.min(rounds, mostSeeds);
  const tables: Table[] = [];
  for (const clients of fleets) {
    const rows: Cell[][] = [];
    for (const [name, policy] of Object.entries<Policy>(policies)) {
      say(`recovery, ${clients} of them: ${name}`);
      const title = titles[name as keyof typeof policies];
      rows.push([title, ...(await cellsOf(policy, clients, seeds))]);
    }
    tables.push({ title: titleOf(clients), columns, rows, notes: clients === 1 ? notes : [] });
  }
  return { tables, gates: [] };
}

const columns = [
  { title: 'policy' },
  ...demands.flatMap((demand) => [
    { title: `at ${demand * 100} %: s`, digits: 1 },
    { title: '× calls', digits: 2 },
  ]),
];

function titleOf(clients: number): string {
  const who = clients === 1 ? 'one process' : `${clients} processes with a budget each`;
  return `Until a server is back that had half its capacity for 10 s: ${who}`;
}

const notes = [
  `Simulated by \`@gabion/retry-budget/simulate\`, medians over seeds: ${capacityPerSecond} requests ` +
    'a second, clients wait 1 s; never: not within 180 s. × calls is attempts per call since the dip.',
  "Finagle's 10 retries a second, whatever comes, are a fifth of what this server can do, and for " +
    'ten processes twice all of it. A larger server bears them better, and its share of 20 % no better.',
  ...[policies.finagle, policies.envoy, policies.grpc, policies.aws].map(
    ({ source, deviations }) => `${source}. Other than there: ${deviations.join('; ')}.`,
  ),
];
