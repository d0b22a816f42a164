import { setMaxListeners } from 'node:events';
import type { TakeResult, TokenBucket } from '@gabion/token-bucket';
import { type Answer, beGreedy, beObedient, rest, type Surroundings } from './clients.js';
import { createDownstream } from './downstream.js';
import type { Load } from './load.js';
import { type Served, startPageServer } from './server.js';

/** One decision of the limiter, in the order of the decisions. */
export interface Decision {
  readonly key: string;
  readonly result: TakeResult;
}

/** All that one run left behind. */
export interface Run {
  /** How long it took, in milliseconds. */
  readonly ms: number;
  readonly answers: readonly Answer[];
  readonly decisions: readonly Decision[];
  readonly served: Served;
  /** How many waited in line, and when, in milliseconds from the start. */
  readonly line: readonly { readonly atMs: number; readonly waiting: number }[];
}

/** What a run is told from outside. */
export interface RunOptions {
  /** The limiter, in the run that has one. */
  readonly bucket?: Pick<TokenBucket, 'take'>;
  /** Ends the run early: it rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Hears now and then how it goes. */
  tell(answers: readonly Answer[]): void;
}

const samplingMs = 50;

/** Writes down what the bucket decides, and changes nothing about it. */
function recorded(bucket: Pick<TokenBucket, 'take'>, decisions: Decision[]) {
  const take: TokenBucket['take'] = async (key, options) => {
    const result = await bucket.take(key, options);
    decisions.push({ key: String(key), result });
    return result;
  };
  return { take };
}

/** Starts the server, lets all clients at it for `runMs`, and closes everything. */
export async function run(load: Load, { bucket, signal, tell }: RunOptions): Promise<Run> {
  signal.throwIfAborted();
  const end = new AbortController();
  // Every client and every worker sleeps on it; more than ten listeners are no leak here.
  setMaxListeners(0, end.signal);
  const endEarly = () => end.abort();
  signal.addEventListener('abort', endEarly, { once: true });
  const answers: Answer[] = [];
  const decisions: Decision[] = [];
  const line: { atMs: number; waiting: number }[] = [];
  const downstream = createDownstream(load, end.signal);
  const server = await startPageServer(downstream, bucket && recorded(bucket, decisions));
  const startedAtMs = performance.now();
  const now = () => performance.now() - startedAtMs;
  const { url, served } = server;
  const heard = (answer: Answer) => void answers.push(answer);
  const clients = startClients(load, { url, now, heard, signal: end.signal });
  let endedAtMs = 0;
  try {
    while (now() < load.runMs && served.failures.length === 0 && (await rest(samplingMs, end))) {
      line.push({ atMs: now(), waiting: downstream.waiting });
      tell(answers);
    }
  } finally {
    endedAtMs = now();
    end.abort();
    signal.removeEventListener('abort', endEarly);
    await server.close();
    await clients;
  }
  signal.throwIfAborted();
  if (served.failures.length > 0) throw served.failures[0];
  return { ms: endedAtMs, answers, decisions, served, line };
}

/** The obedient ones come one after the other, the greedy ones later and all at once. */
async function startClients(load: Load, around: Surroundings): Promise<void> {
  const { obedient, patienceMs, greedy, connections, retryMs, floodAtMs, runMs } = load;
  const obeying = Array.from({ length: obedient }, async (_, i) => {
    if (!(await rest((i * floodAtMs) / obedient, around))) return;
    await beObedient({ name: `obedient-${i + 1}`, patienceMs }, around);
  });
  const all = greedy * connections;
  const flooding = Array.from({ length: all }, async (_, i) => {
    if (!(await rest(floodAtMs, around))) return;
    const name = `greedy-${(i % greedy) + 1}`;
    // Half of the time to one and a half times, so that not all of them come back at once.
    await beGreedy({ name, patienceMs: runMs }, retryMs * (0.5 + i / all), around);
  });
  await Promise.all([...obeying, ...flooding]);
}
