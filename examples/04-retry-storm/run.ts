import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './load.js';
import { type Served, startService } from './service.js';
import { type Client, isRefusal, type Send, type Way } from './ways.js';

/** What became of one call. */
export interface Call {
  /** When it began, and when it was over, in milliseconds from the start of the run. */
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  /** How many requests were sent for it. */
  readonly attempts: number;
  /** `refused`: a breaker was open, and nothing more was sent. */
  readonly outcome: 'answered' | 'failed' | 'refused';
}

/** All that one run left behind. */
export interface Run {
  /** When each call began, in milliseconds from the start. */
  readonly begunAtMs: readonly number[];
  /** Every call that was over before the run was. */
  readonly calls: readonly Call[];
  /** When each request was sent, in milliseconds from the start. */
  readonly sentAtMs: readonly number[];
  readonly served: Served;
  /** How many requests were in the service's line, and when. */
  readonly line: readonly { readonly atMs: number; readonly queued: number }[];
}

/** What a run is told from outside. */
export interface RunOptions {
  /** Ends the run early: it rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Hears now and then how it goes. */
  tell(calls: readonly Call[]): void;
}

const samplingMs = 50;

/** Starts the service, has the whole fleet call it for `runMs`, and closes everything. */
export async function run(load: Load, way: Way, { signal, tell }: RunOptions): Promise<Run> {
  signal.throwIfAborted();
  const end = new AbortController();
  // Every call and every sleep listens; more than ten listeners are no leak here.
  setMaxListeners(0, end.signal);
  const endEarly = () => end.abort();
  signal.addEventListener('abort', endEarly, { once: true });
  const startedAtMs = performance.now();
  const now = () => performance.now() - startedAtMs;
  const service = await startService(load, now);
  const fleet = Array.from({ length: load.clients }, () => way(load, end.signal));
  const record: Record = { begunAtMs: [], calls: [], sentAtMs: [] };
  const calling = callOn(load, fleet, { url: service.url, now, end: end.signal, record });
  const line: { atMs: number; queued: number }[] = [];
  try {
    while (now() < load.runMs && (await rest(samplingMs, end.signal))) {
      line.push({ atMs: now(), queued: service.queued });
      tell(record.calls);
    }
  } finally {
    end.abort();
    signal.removeEventListener('abort', endEarly);
    for (const client of fleet) client.close();
    await calling;
    await service.close();
  }
  signal.throwIfAborted();
  return { ...record, served: service.served, line };
}

/** What is written down while a run goes on. */
interface Record {
  readonly begunAtMs: number[];
  readonly calls: Call[];
  readonly sentAtMs: number[];
}

interface Surroundings {
  readonly url: string;
  now(): number;
  readonly end: AbortSignal;
  readonly record: Record;
}

/** Has the clients call in turn, whether earlier calls are over or not: users do not wait. */
async function callOn(load: Load, fleet: readonly Client[], around: Surroundings): Promise<void> {
  const underWay = new Set<Promise<void>>();
  for (let i = 0; !around.end.aborted; i += 1) {
    const dueMs = (i * 1_000) / load.callsPerSecond - around.now();
    // A machine that is late makes the calls that are due, as users would.
    if (dueMs > 0 && !(await rest(dueMs, around.end))) break;
    const calling = callOnce(fleet[i % fleet.length] as Client, around);
    underWay.add(calling);
    void calling.finally(() => underWay.delete(calling));
  }
  await Promise.all(underWay);
}

async function callOnce(client: Client, { url, now, end, record }: Surroundings) {
  const beganAtMs = now();
  record.begunAtMs.push(beganAtMs);
  let attempts = 0;
  const send: Send = async (signal) => {
    attempts += 1;
    record.sentAtMs.push(now());
    const response = await fetch(url, { signal });
    await response.arrayBuffer();
  };
  const outcome = await client.call(send).then(
    () => 'answered' as const,
    (error) => (isRefusal(error) ? ('refused' as const) : ('failed' as const)),
  );
  if (end.aborted) return;
  record.calls.push({ beganAtMs, endedAtMs: now(), attempts, outcome });
}

/** Resolves to whether the run goes on. */
async function rest(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
