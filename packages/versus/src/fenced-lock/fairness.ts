import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '@gabion/testkit';
import { Redis } from 'ioredis';
import { inFreshProcess } from '../fresh-process.js';
import { say } from '../progress.js';
import { callsBetween, type Usage, usageOf } from '../redis-usage.js';
import type { Column, Findings, Settings } from '../report.js';
import { gabion, type LockCandidate, peers } from './candidates.js';
import { type Contention, compete, jainIndex } from './contention.js';
import { callsOf } from './sent.js';

const processes = 8;
/** Nobody thinks: whoever has just had the lock wants it again at once. */
const contest = { holdMs: 2, thinkMs: 0, warmUpMs: 300 };
const inOneProcess = 50;
const inEachOfEight = 4;

/** Ours with a subscriber and without, and the peers, each on one connection. */
function everyone(redis: Redis, subscriber: Redis): LockCandidate[] {
  return [gabion(redis, subscriber), gabion(redis), ...peers(redis)];
}

interface Job {
  readonly url: string;
  readonly durationMs: number;
}

/** What one process had of each candidate's lock, and what Redis had done before and after. */
interface Part {
  readonly name: string;
  readonly sends: readonly string[];
  readonly found: Contention;
  readonly before: Usage;
  readonly after: Usage;
}

/** Waits until all processes have come to the same point. */
async function meet(redis: Redis, point: string): Promise<void> {
  await redis.incr(point);
  while (Number(await redis.get(point)) < processes) await sleep(5);
}

/** The part of one of the processes: it contends for each candidate's lock, as all others do. */
export async function takePart({ url, durationMs }: Job): Promise<Part[]> {
  const [admin, redis, subscriber] = [new Redis(url), new Redis(url), new Redis(url)];
  const parts: Part[] = [];
  for (const [i, { name, sends, hold }] of everyone(redis, subscriber).entries()) {
    await meet(admin, `begin:${i}`);
    const before = await usageOf(admin);
    const more = { ...contest, contenders: inEachOfEight, durationMs };
    const found = await compete((work) => hold(`eight:${i}`, work), more);
    await meet(admin, `end:${i}`);
    parts.push({ name, sends, found, before, after: await usageOf(admin) });
  }
  return parts;
}

/** 8 processes at once; for each candidate, the parts of all of them. */
async function inEight(job: Job): Promise<Part[][]> {
  say(`${processes} processes`);
  const one = () =>
    inFreshProcess<Part[]>({ module: import.meta.url, name: 'takePart', argument: job });
  const all = await Promise.all(Array.from({ length: processes }, one));
  return (all[0] ?? []).map((_, i) => all.map((parts) => parts[i] as Part));
}

const columns: readonly Column[] = [
  { title: 'candidate' },
  { title: 'Jain of 50', digits: 3 },
  { title: 'least', digits: 0 },
  { title: 'most', digits: 0 },
  { title: 'Jain of 8 processes', digits: 3 },
  { title: 'hand-offs/s of 8' },
  { title: 'longest wait ms', digits: 0 },
  { title: 'commands', digits: 2 },
];

const notes = [
  'Each holds the lock for 2 ms and wants it again at once.',
  `Jain of 50: among ${inOneProcess} contenders of one process, and how often the least and the ` +
    'most lucky of them had the lock.',
  `Of 8 processes, each with ${inEachOfEight} contenders: how often each process had it; the ` +
    'longest wait of a contender; and what the clients of all sent for each hand-off.',
  'subscriber: a second connection, on which a process is told that it is its turn.',
];

/** Who gets the lock how often, in one process and over 8. Reported, not gated. */
export async function measureFairness({ sampleMs }: Settings): Promise<Findings> {
  await using server = await startRedis();
  const [redis, subscriber] = [new Redis(server.url), new Redis(server.url)];
  try {
    const durationMs = Math.max(1_000, 15 * sampleMs);
    const alone: Contention[] = [];
    const candidates = everyone(redis, subscriber);
    for (const { name, hold } of candidates) {
      say(`one process: ${name}`);
      const more = { ...contest, contenders: inOneProcess, durationMs };
      alone.push(await compete((work) => hold('one', work), more));
    }
    const together = await inEight({ url: server.url, durationMs });
    const rows = candidates.map(({ name, sends }, i) => {
      const { shares } = alone[i] as Contention;
      const parts = together[i] as Part[];
      const found = parts.map((part) => part.found);
      const ofEach = found.map(({ handOffs }) => handOffs);
      const { before, after } = parts[0] as Part;
      const all = found.reduce((sum, { allHandOffs }) => sum + allHandOffs, 0);
      return [
        name,
        jainIndex(shares),
        Math.min(...shares),
        Math.max(...shares),
        jainIndex(ofEach),
        (ofEach.reduce((sum, handOffs) => sum + handOffs, 0) * 1_000) / durationMs,
        Math.max(...found.flatMap(({ waitsMs }) => waitsMs)),
        callsOf(callsBetween(before, after, all), sends),
      ];
    });
    const title = 'Who gets the lock: 50 contenders in one process, and 8 processes';
    return { tables: [{ title, columns, rows, notes }], gates: [] };
  } finally {
    redis.disconnect();
    subscriber.disconnect();
  }
}
