import { startRedis } from '@gabion/testkit';
import { Redis } from 'ioredis';
import type { Gate } from '../gate.js';
import { interleave } from '../interleave.js';
import { callsBetween, usageOf } from '../redis-usage.js';
import type { Column, Findings, Settings } from '../report.js';
import { median, pairedRatio } from '../stats.js';
import { fifo, gabion, type LockCandidate, peers } from './candidates.js';
import { type Contest, compete, jainIndex } from './contention.js';
import { bareCommands } from './floors.js';
import { callsOf } from './sent.js';

const key = 'ledger';
const contest = { contenders: 50, holdMs: 2, thinkMs: 20, warmUpMs: 300 };

/** One sample of one candidate. */
interface Sample {
  readonly perSecond: number;
  readonly medianMs: number;
  readonly longestMs: number;
  readonly commands: number;
  readonly jain: number;
}

async function sampleOf(one: LockCandidate, admin: Redis, more: Contest): Promise<Sample> {
  const before = await usageOf(admin);
  const found = await compete((work) => one.hold(key, work), more);
  const after = await usageOf(admin);
  return {
    perSecond: (found.handOffs * 1_000) / more.durationMs,
    medianMs: median(found.waitsMs),
    longestMs: Math.max(...found.waitsMs),
    commands: callsOf(callsBetween(before, after, found.allHandOffs), one.sends),
    jain: jainIndex(found.shares),
  };
}

const columns: readonly Column[] = [
  { title: 'candidate' },
  { title: '% of FIFO', digits: 1 },
  { title: 'hand-offs/s' },
  { title: 'median wait ms', digits: 1 },
  { title: 'longest wait ms', digits: 1 },
  { title: 'longest / median', digits: 2 },
  { title: 'commands', digits: 2 },
  { title: 'Jain', digits: 3 },
];

const notes = [
  'Each holds the lock for 2 ms and is busy elsewhere for 20 ms before it wants it again.',
  'FIFO: a queue in this process, with SET NX PX and compare-and-delete for each hand-off.',
  'The redlocks ask every 10 ms, with jitter, until they have it: of their own 200 ms the lock ' +
    'lies idle for half the time. redis-semaphore comes with 10 ms.',
  'commands: what the client sent for each hand-off. Jain: of the hand-offs of each contender.',
];

/** 50 callers of one process want one lock. Gated. */
export async function measureContended({ rounds, sampleMs }: Settings): Promise<Findings> {
  await using server = await startRedis();
  const [admin, redis] = [new Redis(server.url), new Redis(server.url)];
  try {
    const candidates = [fifo(await bareCommands(redis)), gabion(redis), ...peers(redis)];
    const more = { ...contest, durationMs: Math.max(600, 6 * sampleMs) };
    const samples = await interleave(candidates, rounds, (one) => sampleOf(one, admin, more));
    const pick = (i: number, of: (sample: Sample) => number) => (samples[i] ?? []).map(of);
    const middle = (i: number, of: (sample: Sample) => number) => median(pick(i, of));
    const perSecond = (sample: Sample) => sample.perSecond;
    const spread = ({ longestMs, medianMs }: Sample) => longestMs / medianMs;
    const ofFifo = (i: number) => pairedRatio(pick(i, perSecond), pick(0, perSecond));
    const rows = candidates.map(({ name }, i) => [
      name,
      100 * ofFifo(i),
      middle(i, perSecond),
      middle(i, (s) => s.medianMs),
      middle(i, (s) => s.longestMs),
      middle(i, spread),
      middle(i, (s) => s.commands),
      middle(i, (s) => s.jain),
    ]);
    const gates: Gate[] = [
      {
        name: 'hand-offs among 50 contenders, as a multiple of a FIFO queue in the process',
        figure: ofFifo(1),
        must: 'at least',
        limit: 0.95,
      },
      {
        name: 'the longest wait among 50 contenders, as a multiple of the median',
        figure: middle(1, spread),
        must: 'at most',
        limit: 2,
      },
      {
        name: 'commands for each hand-off among 50 contenders',
        figure: middle(1, (s) => s.commands),
        must: 'at most',
        limit: 3,
      },
    ];
    const title = '50 contenders for one lock in one process';
    return { tables: [{ title, columns, rows, notes }], gates };
  } finally {
    redis.disconnect();
    admin.disconnect();
  }
}
