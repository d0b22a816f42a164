import { type Policy, policies, type Simulation, simulate } from '@gabion/retry-budget/simulate';
import { say } from '../progress.js';
import type { Cell, Findings, Settings, Table } from '../report.js';
import { median } from '../stats.js';

const capacityPerSecond = 100;
const demands = [70, 90];
/** Ten seconds at a quarter of the capacity. */
const fault = { fromMs: 10_000, toMs: 20_000, capacityPerSecond: 25 };
const clientTimeoutMs = 1_000;
const watchMs = 180_000;
/** Processes that share the demand, each with a budget of its own. */
const fleets = [1, 10];

type Name = keyof typeof policies;

/** What each policy is called in the table. */
const names: Readonly<Record<Name, string>> = {
  none: 'no retries',
  naive: 'naive: three retries, full jitter',
  success: 'gabion: success-deposit',
  request: 'gabion: request-deposit',
  concurrency: 'gabion: concurrency',
  finagle: 'as Finagle',
  envoy: 'as Envoy',
  grpc: 'as gRPC A6',
  aws: 'as AWS standard mode',
};

/** The median of the recovery times, in seconds, where most of them have one. */
export function spokenMedian(found: readonly Pick<Simulation, 'recoveredAfterMs'>[]): Cell {
  const ms = median(found.map(({ recoveredAfterMs }) => recoveredAfterMs ?? Infinity));
  return Number.isFinite(ms) ? ms / 1_000 : 'not in 180';
}

/** Seconds until all is well again and attempts per call: medians over the seeds. */
async function recoveryOf(
  policy: Policy,
  demandPerSecond: number,
  clients: number,
  seeds: number,
): Promise<Cell[]> {
  const found: Simulation[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const options = { capacityPerSecond, demandPerSecond, clientTimeoutMs, fault, watchMs };
    found.push(await simulate({ policy, ...options, clients, seed }));
  }
  return [spokenMedian(found), median(found.map(({ amplification }) => amplification))];
}

/** How long a service that was slow for ten seconds stays down, by how its clients retry. */
export async function measureRecovery({ rounds }: Settings): Promise<Findings> {
  const seeds = Math.min(rounds, 5);
  const tables: Table[] = [];
  for (const clients of fleets) {
    const rows: Cell[][] = [];
    for (const name of Object.keys(names) as Name[]) {
      const row: Cell[] = [names[name]];
      for (const demand of demands) {
        say(`recovery: ${clients} × ${names[name]} at ${demand} %`);
        row.push(...(await recoveryOf(policies[name], demand, clients, seeds)));
      }
      rows.push(row);
    }
    tables.push({ title: titleOf(clients), columns, rows, notes: notesOn(clients, seeds) });
  }
  return { tables, gates: [] };
}

const columns = [
  { title: 'policy' },
  ...demands.flatMap((demand) => [
    { title: `s, at ${demand} %` },
    { title: 'attempts per call', digits: 2 },
  ]),
];

function titleOf(clients: number): string {
  const who = clients === 1 ? 'one process' : `${clients} processes, a budget each`;
  const what = 'seconds until nine of ten succeed';
  return `After ten seconds at a quarter of the capacity: ${what}; ${who}`;
}

function notesOn(clients: number, seeds: number): string[] {
  if (clients > 1)
    return ['Each has a reserve, and ten retries a second where those are always there.'];
  return [
    `In the simulator: a server of ${capacityPerSecond} a second with one line, and clients ` +
      `that wait ${clientTimeoutMs / 1_000} s for an attempt; demand in percent of the ` +
      `capacity. Medians of ${seeds} seeds. The last four are as near to those systems as ` +
      'our parts come:',
    ...([policies.finagle, policies.envoy, policies.grpc, policies.aws] as const).map(
      ({ source, deviations }) => `${source}. Here ${deviations.join('. Here ')}.`,
    ),
  ];
}
