import { policies, simulate } from '@gabion/retry-budget/simulate';
import { say } from '../progress.js';
import type { Cell, Findings, Settings } from '../report.js';
import { median } from '../stats.js';

const capacityPerSecond = 100;
const demands = [70, 90];
/** Ten seconds at a quarter of the capacity. */
const fault = { fromMs: 10_000, toMs: 20_000, capacityPerSecond: 25 };
const clientTimeoutMs = 1_000;
const watchMs = 180_000;

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

/** Seconds until all is well again and attempts per call: medians over the seeds. */
async function recoveryOf(name: Name, demandPerSecond: number, seeds: number): Promise<Cell[]> {
  say(`recovery: ${names[name]} at ${demandPerSecond} %`);
  const recovered: number[] = [];
  const amplifications: number[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const options = { capacityPerSecond, demandPerSecond, clientTimeoutMs, fault, watchMs, seed };
    const found = await simulate({ policy: policies[name], ...options });
    recovered.push((found.recoveredAfterMs ?? Infinity) / 1_000);
    amplifications.push(found.amplification);
  }
  const afterS = median(recovered);
  return [Number.isFinite(afterS) ? afterS : 'not in 180', median(amplifications)];
}

/** How long a service that was slow for ten seconds stays down, by how its clients retry. */
export async function measureRecovery({ rounds }: Settings): Promise<Findings> {
  const seeds = Math.min(rounds, 5);
  const rows: Cell[][] = [];
  for (const name of Object.keys(names) as Name[]) {
    const row: Cell[] = [names[name]];
    for (const demand of demands) row.push(...(await recoveryOf(name, demand, seeds)));
    rows.push(row);
  }
  const columns = [
    { title: 'policy' },
    ...demands.flatMap((demand) => [
      { title: `s, at ${demand} %` },
      { title: 'attempts per call', digits: 2 },
    ]),
  ];
  const title = 'After ten seconds at a quarter of the capacity: seconds until nine of ten succeed';
  const notes = [
    `In the simulator: a server of ${capacityPerSecond} a second with one line, and clients ` +
      `that wait ${clientTimeoutMs / 1_000} s for an attempt; demand in percent of the ` +
      `capacity. Medians of ${seeds} seeds. The last four are as near to those systems as ` +
      'our parts come.',
  ];
  return { tables: [{ title, columns, rows, notes }], gates: [] };
}
