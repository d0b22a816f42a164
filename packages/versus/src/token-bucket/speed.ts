import type { Gate } from '../gate.js';
import { collectGarbage } from '../heap.js';
import { interleave } from '../interleave.js';
import { calibrate, compileLoop, type Inputs } from '../loop.js';
import { say } from '../progress.js';
import { renderCell } from '../render.js';
import type { Findings, Settings, Table } from '../report.js';
import { median, pairedRatio } from '../stats.js';
import { zipfRanks } from '../zipf.js';
import {
  type Candidate,
  expressRateLimit,
  floor,
  gabion,
  limiter,
  rateLimiterFlexible,
} from './in-memory.js';
import type { Terms } from './terms.js';

/** So generous that every take is allowed, in numbers that stay small integers. */
const generous: Terms = { capacity: 1_000_000_000, tokens: 1_000_000, everyMs: 1_000 };
/** One take an hour: all others are refused. */
const strict: Terms = { capacity: 1, tokens: 1, everyMs: 3_600_000 };
/** Every take is allowed, and none is made good before the end, so that all keys stay. */
const slow: Terms = { capacity: 10_000_000, tokens: 1, everyMs: 60_000 };

const hotKey = 'user:42';

/** All candidates under one limit: those without a promise, and the others awaited. */
function everyone(terms: Terms): Candidate[] {
  const peers = [rateLimiterFlexible(terms), expressRateLimit(terms)];
  return [floor(terms), gabion(terms), limiter(terms), ...peers];
}

/** All candidates under one limit, each by its promise. */
function everyPromise(terms: Terms): Candidate[] {
  const peers = [rateLimiterFlexible(terms), expressRateLimit(terms)];
  return [floor(terms, true), gabion(terms, true), limiter(terms, true), ...peers];
}

interface Comparison {
  readonly title: string;
  readonly expected: 'allowed' | 'refused';
  readonly inputs: Inputs;
  /** With millions of objects in the heap a collection takes longer than the sample. */
  readonly collects: boolean;
}

/** Times all candidates against the first, which is the floor; the second is ours. */
async function compare(
  all: readonly Candidate[],
  { title, expected, inputs, collects }: Comparison,
  { rounds, sampleMs }: Settings,
): Promise<{ table: Table; ours: number }> {
  const loops = all.map((candidate) => {
    const { name, run, awaited, allowed } = candidate;
    const expects = (answer: unknown) => allowed(answer) === (expected === 'allowed');
    return compileLoop({ name, run, awaited, expects }, inputs);
  });
  const runs: { loop: (typeof loops)[number]; times: number }[] = [];
  for (const loop of loops) {
    say(`calibrating ${loop.name}`);
    runs.push({ loop, times: await calibrate(loop, sampleMs) });
  }
  const samples = await interleave(runs, rounds, async ({ loop, times }) => {
    if (collects) collectGarbage();
    return ((await loop.time(times)) * 1e6) / times;
  });
  const floorSamples = samples[0] as number[];
  const ratios = samples.map((one) => pairedRatio(one, floorSamples));
  const columns = [{ title: 'candidate' }, { title: '× floor', digits: 2 }, { title: 'ns' }];
  const rows = loops.map(({ name }, i) => {
    return [name, ratios[i] as number, median(samples[i] as number[])];
  });
  return { table: { title, columns, rows }, ours: ratios[1] as number };
}

/** One key over and over, allowed each time. Gated. */
export async function measureHotKey(settings: Settings): Promise<Findings> {
  const title = 'One hot key, allowed every time';
  const comparison = { title, expected: 'allowed', inputs: hotKey, collects: true } as const;
  const { table, ours } = await compare(everyone(generous), comparison, settings);
  const gate: Gate = {
    name: 'takeSync on one hot key, as a multiple of the floor',
    figure: ours,
    must: 'at most',
    limit: 1.25,
  };
  return { tables: [table], gates: [gate] };
}

/** One key over and over, refused each time. */
export async function measureRefusal(settings: Settings): Promise<Findings> {
  const title = 'One hot key, refused every time';
  const comparison = { title, expected: 'refused', inputs: hotKey, collects: true } as const;
  const { table } = await compare(everyone(strict), comparison, settings);
  return { tables: [table], gates: [] };
}

/** The same two with a promise from everyone. */
export async function measureAwaited(settings: Settings): Promise<Findings> {
  const allowed = {
    title: 'Awaited, one hot key, allowed every time',
    expected: 'allowed',
  } as const;
  const refused = {
    title: 'Awaited, one hot key, refused every time',
    expected: 'refused',
  } as const;
  const rest = { inputs: hotKey, collects: true };
  const first = await compare(everyPromise(generous), { ...allowed, ...rest }, settings);
  const second = await compare(everyPromise(strict), { ...refused, ...rest }, settings);
  return { tables: [first.table, second.table], gates: [] };
}

/** A million keys that are all known, asked for as unevenly as users are. */
export async function measureManyKeys(settings: Settings): Promise<Findings> {
  const { manyKeys } = settings;
  const all = Array.from({ length: manyKeys }, (_, i) => `user:${i}`);
  const inputs = { all, order: zipfRanks(manyKeys, 2 ** 21) };
  const everybody = everyone(slow);
  for (const { name, run } of everybody) {
    say(`filling ${name}`);
    for (const key of all) await run(key);
  }
  const title = `${renderCell(manyKeys)} keys, Zipf (s = 1), allowed`;
  const comparison = { title, expected: 'allowed', inputs, collects: false } as const;
  const { table } = await compare(everybody, comparison, settings);
  return { tables: [table], gates: [] };
}
