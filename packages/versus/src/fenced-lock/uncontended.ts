import { startRedis } from '@gabion/testkit';
import { Redis } from 'ioredis';
import { closedLoop } from '../closed-loop.js';
import type { Gate } from '../gate.js';
import { interleave } from '../interleave.js';
import { callsBetween, usageOf } from '../redis-usage.js';
import type { Column, Findings, Settings } from '../report.js';
import { median, pairedRatio, percentile } from '../stats.js';
import { byScripts, bySet, floor, gabion, type LockCandidate, peers } from './candidates.js';
import { bareCommands } from './floors.js';
import { callsOf } from './sent.js';

const inFlight = 64;
const warmUpMs = 700;
/** So many that no two of the 64 under way are the same: nobody ever waits. */
const keys = Array.from({ length: 4_096 }, (_, i) => `job:${i}`);

/** One sample of one candidate; the times are per lock, acquired and released. */
interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly clientUs: number;
  readonly serverUs: number;
  readonly commands: number;
}

async function sampleOf(one: LockCandidate, admin: Redis, durationMs: number): Promise<Sample> {
  const before = await usageOf(admin);
  const clientBefore = process.cpuUsage();
  let next = 0;
  const { perSecond, operations, latenciesMs } = await closedLoop(
    () => {
      next = next + 1 === keys.length ? 0 : next + 1;
      return one.hold(keys[next] as string);
    },
    { inFlight, durationMs },
  );
  const client = process.cpuUsage(clientBefore);
  const after = await usageOf(admin);
  return {
    perSecond,
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
    clientUs: (client.user + client.system) / operations,
    serverUs: (after.cpuUs - before.cpuUs) / operations,
    commands: callsOf(callsBetween(before, after, operations), one.sends),
  };
}

const columns: readonly Column[] = [
  { title: 'candidate' },
  { title: '% of floor', digits: 1 },
  { title: '% of raw SET', digits: 1 },
  { title: 'locks/s' },
  { title: 'p50 ms', digits: 2 },
  { title: 'p99 ms', digits: 2 },
  { title: 'client µs', digits: 1 },
  { title: 'server µs', digits: 1 },
  { title: 'commands', digits: 2 },
];

const notes = [
  'A lock is acquired and released; each is of a key of its own, and nobody waits.',
  'floor: EVALSHA of SET NX PX and INCR, then of compare-and-delete. By the clock: the fence is ' +
    'max(counter + 1, server µs), which grows although the counter was lost; INCR does not.',
  'The peers mint no fence.',
];

/** The floor, ours, the two other yardsticks, and the peers, on one ioredis connection. */
async function everyone(redis: Redis): Promise<LockCandidate[]> {
  const bare = await bareCommands(redis);
  return [
    floor('floor: fenced grant, delete', { sends: byScripts, lock: bare.grant }, bare),
    gabion(redis),
    floor('floor by the clock', { sends: byScripts, lock: bare.grantByClock }, bare),
    floor('raw SET NX PX, compare-and-delete', { sends: bySet, lock: bare.set }, bare),
    ...peers(redis),
  ];
}

/** 64 locks under way on one ioredis connection, each on a key of its own. Gated. */
export async function measureUncontended({ rounds, sampleMs }: Settings): Promise<Findings> {
  await using server = await startRedis();
  const [admin, redis] = [new Redis(server.url), new Redis(server.url)];
  try {
    const candidates = await everyone(redis);
    // A client's code takes some ten thousand calls to be compiled; a short round is not enough.
    for (const one of candidates) await sampleOf(one, admin, warmUpMs);
    const samples = await interleave(candidates, rounds, (one) =>
      sampleOf(one, admin, 2 * sampleMs),
    );
    const pick = (i: number, of: (sample: Sample) => number) => (samples[i] ?? []).map(of);
    const ratio = (i: number, j: number) =>
      pairedRatio(
        pick(i, (s) => s.perSecond),
        pick(j, (s) => s.perSecond),
      );
    const rows = candidates.map(({ name }, i) => [
      name,
      100 * ratio(i, 0),
      100 * ratio(i, 3),
      median(pick(i, (s) => s.perSecond)),
      median(pick(i, (s) => s.p50Ms)),
      median(pick(i, (s) => s.p99Ms)),
      median(pick(i, (s) => s.clientUs)),
      median(pick(i, (s) => s.serverUs)),
      median(pick(i, (s) => s.commands)),
    ]);
    const title = `${inFlight} locks in flight on one ioredis connection, distinct keys`;
    const gate: Gate = {
      name: 'locks a second, as a multiple of two bare scripts that grant with a fence and delete',
      figure: ratio(1, 0),
      must: 'at least',
      limit: 0.9,
    };
    return { tables: [{ title, columns, rows, notes }], gates: [gate] };
  } finally {
    redis.disconnect();
    admin.disconnect();
  }
}
