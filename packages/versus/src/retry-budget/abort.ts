import { say } from '../progress.js';
import type { Cell, Findings, Settings } from '../report.js';
import { median, percentile } from '../stats.js';
import { gabionFetch, gotClient, retryAgent } from './http-clients.js';
import { withServer } from './http-server.js';
import { subjects } from './subjects.js';

/** No backoff ends by itself while it is measured. */
const backoffMs = 2_000;

type Start = (signal: AbortSignal) => Promise<unknown>;

/** How long after the abort of a call in its backoff the call ends, in milliseconds. */
async function latency(start: Start, settledMs: number): Promise<number> {
  const controller = new AbortController();
  const ended = start(controller.signal).then(
    () => performance.now(),
    () => performance.now(),
  );
  await new Promise((resolve) => setTimeout(resolve, settledMs));
  const abortedAt = performance.now();
  controller.abort();
  return (await ended) - abortedAt;
}

async function row(name: string, start: Start, times: number, settledMs: number): Promise<Cell[]> {
  say(`abort: ${name}`);
  const samples: number[] = [];
  while (samples.length < times) {
    const tookMs = await latency(start, settledMs);
    samples.push(tookMs);
    // Whoever waits its backoff out does so each time.
    if (tookMs > backoffMs / 2) break;
  }
  return [name, median(samples), percentile(samples, 99)];
}

/** How soon an abort ends a call that waits for its next attempt. */
export async function measureAbort({ rounds }: Settings): Promise<Findings> {
  const times = rounds * 20;
  const rows: Cell[][] = [];
  for (const { name, noSignal, open } of subjects) {
    if (noSignal !== undefined) continue;
    const run = open({ maxAttempts: 2, backoffMs });
    const fail = () => Promise.reject(new Error('out of order'));
    rows.push(await row(name, (signal) => run(fail, signal), times, 1));
  }
  const refuse = (_: unknown, response: import('node:http').ServerResponse) => {
    response.writeHead(503, { 'retry-after': String(backoffMs / 1_000) }).end();
  };
  await withServer(refuse, async (url) => {
    for (const make of [gabionFetch, retryAgent, gotClient]) {
      // A client of its own each time: a gate that is closed would be another wait.
      const start: Start = (signal) =>
        make({ maxAttempts: 2, baseMs: backoffMs }).send(url, { signal });
      const { name } = make({ maxAttempts: 2, baseMs: backoffMs });
      rows.push(await row(`${name}, over HTTP`, start, times, 20));
    }
  });
  const columns = [
    { title: 'candidate' },
    { title: 'median ms', digits: 3 },
    { title: '99 % ms', digits: 3 },
  ];
  const title = `From the abort of a call in a backoff of ${backoffMs / 1_000} s to its end`;
  return { tables: [{ title, columns, rows }], gates: [] };
}
