import { startRedis } from '@gabion/testkit';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { closedLoop } from '../closed-loop.js';
import type { Gate } from '../gate.js';
import { interleave } from '../interleave.js';
import { callsBetween, sentOf, usageOf } from '../redis-usage.js';
import type { Column, Findings, Settings, Table } from '../report.js';
import { median, pairedRatio, percentile } from '../stats.js';
import { onIoredis, onNodeRedis, type RemoteCandidate } from './over-redis.js';

const inFlight = 64;
const warmUpMs = 500;
const keys = Array.from({ length: 1_000 }, (_, i) => `user:${i}`);

/** One sample of one candidate; the times are per decision. */
interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly clientUs: number;
  readonly serverUs: number;
  readonly calls: Readonly<Record<string, number>>;
}

async function sampleOf({ take }: RemoteCandidate, admin: Redis, ms: number): Promise<Sample> {
  const before = await usageOf(admin);
  const clientBefore = process.cpuUsage();
  let next = 0;
  const { perSecond, operations, latenciesMs } = await closedLoop(
    () => {
      next = next + 1 === keys.length ? 0 : next + 1;
      return take(keys[next] as string);
    },
    { inFlight, durationMs: ms },
  );
  const client = process.cpuUsage(clientBefore);
  const after = await usageOf(admin);
  return {
    perSecond,
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
    clientUs: (client.user + client.system) / operations,
    serverUs: (after.cpuUs - before.cpuUs) / operations,
    calls: callsBetween(before, after, operations),
  };
}

/** What the keys of a candidate take up in Redis, their own texts included. */
async function bytesPerKey({ stored }: RemoteCandidate, admin: Redis): Promise<number | null> {
  if (stored === undefined) return null;
  const sizes = await Promise.all(keys.map((key) => admin.memory('USAGE', stored(key))));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) / keys.length;
}

const columns: readonly Column[] = [
  { title: 'candidate' },
  { title: '% of floor', digits: 1 },
  { title: 'decisions/s' },
  { title: 'p50 ms', digits: 2 },
  { title: 'p99 ms', digits: 2 },
  { title: 'client µs', digits: 1 },
  { title: 'server µs', digits: 1 },
  { title: 'commands', digits: 2 },
  { title: 'bytes/key' },
];

interface Compared {
  readonly table: Table;
  /** Our throughput as a multiple of the floor's, and of the peer's. */
  readonly ofFloor: number;
  readonly ofPeer: number;
}

/** Compares the candidates; the first is the floor, the second ours, the third the peer. */
async function compare(
  title: string,
  candidates: readonly RemoteCandidate[],
  admin: Redis,
  { rounds, sampleMs }: Settings,
): Promise<Compared> {
  // A client's code takes some ten thousand calls to be compiled; a short round is not enough.
  for (const one of candidates) await sampleOf(one, admin, warmUpMs);
  const samples = await interleave(candidates, rounds, (one) => sampleOf(one, admin, 2 * sampleMs));
  const pick = (i: number, of: (sample: Sample) => number) => (samples[i] ?? []).map(of);
  const perSecond = (sample: Sample) => sample.perSecond;
  const ratio = (i: number, j: number) => pairedRatio(pick(i, perSecond), pick(j, perSecond));
  const rows = await Promise.all(
    candidates.map(async (candidate, i) => [
      candidate.name,
      100 * ratio(i, 0),
      ...[perSecond, (s: Sample) => s.p50Ms, (s: Sample) => s.p99Ms].map((of) =>
        median(pick(i, of)),
      ),
      ...[(s: Sample) => s.clientUs, (s: Sample) => s.serverUs].map((of) => median(pick(i, of))),
      median(pick(i, ({ calls }) => sentOf(calls))),
      await bytesPerKey(candidate, admin),
    ]),
  );
  return { table: { title, columns, rows }, ofFloor: ratio(1, 0), ofPeer: ratio(1, 2) };
}

/** Runs `measure` with a Redis of its own and a connection for what is not measured. */
async function withRedis<T>(measure: (url: string, admin: Redis) => Promise<T>): Promise<T> {
  const server = await startRedis();
  const admin = new Redis(server.url);
  try {
    return await measure(server.url, admin);
  } finally {
    admin.disconnect();
    await server.stop();
  }
}

/** 64 decisions under way on one ioredis connection. Gated. */
export function measureIoredis(settings: Settings): Promise<Findings> {
  return withRedis(async (url, admin) => {
    const redis = new Redis(url);
    const title = `${inFlight} decisions in flight on one ioredis connection, 1 000 keys`;
    const { table, ofFloor, ofPeer } = await compare(
      title,
      await onIoredis(redis),
      admin,
      settings,
    );
    redis.disconnect();
    const throughput = 'decisions a second over Redis, as a multiple of';
    const gates: Gate[] = [
      {
        name: `${throughput} an EVALSHA that only returns 1`,
        figure: ofFloor,
        must: 'at least',
        limit: 0.88,
      },
      { name: `${throughput} rate-limiter-flexible`, figure: ofPeer, must: 'above', limit: 1 },
    ];
    return { tables: [table], gates };
  });
}

/** The same on node-redis, whose own time-outs are off for everyone: they cost four fifths. */
export function measureNodeRedis(settings: Settings): Promise<Findings> {
  return withRedis(async (url, admin) => {
    const client = createClient({ url, commandOptions: { timeout: undefined } });
    await client.connect();
    const title = `${inFlight} decisions in flight on one node-redis connection, 1 000 keys`;
    // The types of a client with its default modules are not those of a bare one.
    const candidates = await onNodeRedis(client as never);
    const { table } = await compare(title, candidates, admin, settings);
    client.destroy();
    return { tables: [table], gates: [] };
  });
}
