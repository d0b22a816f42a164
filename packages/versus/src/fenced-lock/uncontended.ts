import { startRedis } from '@gabion/testkit';
import { Redis } from 'ioredis';
import { closedLoop } from '../closed-loop.js';
import type { Gate } from '../gate.js';
import { interleave } from '../interleave.js';
import { callsBetween, usageOf } from '../redis-usage.js';
import type { Column, Findings, Settings, Table } from '../report.js';
import { median, pairedRatio, percentile } from '../stats.js';
import { byScripts, bySet, floor, gabion, type LockCandidate, peers } from './candidates.js';
import { bareCommands } from './floors.js';
import { callsOf } from './sent.js';

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

interface Load {
  readonly inFlight: number;
  readonly durationMs: number;
}

async function sampleOf(one: LockCandidate, admin: Redis, load: Load): Promise<Sample> {
  const before = await usageOf(admin);
  const clientBefore = process.cpuUsage();
  let next = 0;
  const { perSecond, operations, latenciesMs } = await closedLoop(() => {
    next = next + 1 === keys.length ? 0 : next + 1;
    return one.hold(keys[next] as string);
  }, load);
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
  'gabion: what is asked for in one turn of the event loop, mostly by those whose replies came ' +
    'together, goes in one script; one that is alone goes alone. The peers mint no fence.',
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

interface Compared {
  readonly table: Table;
  /** Our throughput as a multiple of the floor's. */
  readonly ofFloor: number;
}

/** Compares the candidates; the first is the floor, the second ours, the fourth a raw SET. */
async function compare(
  title: string,
  candidates: readonly LockCandidate[],
  admin: Redis,
  { inFlight, rounds, sampleMs }: Pick<Settings, 'rounds' | 'sampleMs'> & Pick<Load, 'inFlight'>,
): Promise<Compared> {
  // A client's code takes some ten thousand calls to be compiled; a short round is not enough.
  for (const one of candidates) await sampleOf(one, admin, { inFlight, durationMs: warmUpMs });
  const load = { inFlight, durationMs: 2 * sampleMs };
  const samples = await interleave(candidates, rounds, (one) => sampleOf(one, admin, load));
  const pick = (i: number, of: (sample: Sample) => number) => (samples[i] ?? []).map(of);
  const perSecond = (sample: Sample) => sample.perSecond;
  const ratio = (i: number, j: number) => pairedRatio(pick(i, perSecond), pick(j, perSecond));
  const figures = [
    perSecond,
    (sample: Sample) => sample.p50Ms,
    (sample: Sample) => sample.p99Ms,
    (sample: Sample) => sample.clientUs,
    (sample: Sample) => sample.serverUs,
    (sample: Sample) => sample.commands,
  ];
  const rows = candidates.map(({ name }, i) => [
    name,
    100 * ratio(i, 0),
    100 * ratio(i, 3),
    ...figures.map((of) => median(pick(i, of))),
  ]);
  return { table: { title, columns, rows }, ofFloor: ratio(1, 0) };
}

/** 64 locks under way on one ioredis connection, each on a key of its own; and one. Gated. */
export async function measureUncontended(settings: Settings): Promise<Findings> {
  await using server = await startRedis();
  const [admin, redis] = [new Redis(server.url), new Redis(server.url)];
  try {
    const all = await everyone(redis);
    const many = '64 locks in flight on one ioredis connection, distinct keys';
    const { table, ofFloor } = await compare(many, all, admin, { ...settings, inFlight: 64 });
    const one = 'One lock after another on one ioredis connection';
    const alone = await compare(one, all, admin, { ...settings, inFlight: 1 });
    const gate: Gate = {
      name: 'locks a second, as a multiple of two bare scripts that grant with a fence and delete',
      figure: ofFloor,
      must: 'at least',
      limit: 0.9,
    };
    return { tables: [table, { ...alone.table, notes }], gates: [gate] };
  } finally {
    redis.disconnect();
    admin.disconnect();
  }
}
