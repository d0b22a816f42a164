import { createHashRing } from '@gabion/hash-ring';
import { jumpHash } from '@gabion/hash-ring/jump';
import type { Gate } from '../gate.js';
import { collectGarbage } from '../heap.js';
import { interleave } from '../interleave.js';
import { compileLoop, type Inputs, type Loop } from '../loop.js';
import { say } from '../progress.js';
import { renderCell } from '../render.js';
import type { Findings, Settings, Table } from '../report.js';
import { median, pairedRatio } from '../stats.js';
import { jumphash } from './peers.js';
import { gabion, gabionRendezvous, keysOf, membersOf, peers, type Subject } from './subjects.js';

/** Points of each node. */
const points = 160;
/** How many keys are asked for, so that no cache of answers holds them. */
const keyCount = 2 ** 16;

/** One candidate: its name, and what it does with a key. */
type Candidate = readonly [name: string, run: (key: string) => unknown];

/**
 * The floor: the hash, cut to an integer that V8 keeps without a box, since a lookup has no
 * number to return either.
 */
function hashAlone(): Candidate {
  const { positionOf } = createHashRing([]);
  return ['the hash of the key alone', (key) => positionOf(key) & 0xffff];
}

/** All keys once, in an order that no prefetcher knows. */
function shuffledKeys(): Inputs {
  const all = keysOf(keyCount);
  // An odd multiplier turns over a power of two, so this is a permutation.
  const order = Uint32Array.from(all, (_, i) => (i * 40_503) & (keyCount - 1));
  return { all, order };
}

/** How often it runs in a sample; some peers take seconds for what others do in a microsecond. */
async function calibrate(loop: Loop, sampleMs: number): Promise<number> {
  for (let times = 1; ; times *= 2) {
    const tookMs = await loop.time(times);
    if (tookMs >= sampleMs / 2) return Math.ceil((times * sampleMs) / tookMs);
  }
}

/** Times all candidates against the first, which is the floor; the second is ours. */
async function compare(
  title: string,
  candidates: readonly Candidate[],
  { rounds, sampleMs }: Settings,
): Promise<{ table: Table; ours: number }> {
  const inputs = shuffledKeys();
  const runs: { loop: Loop; times: number }[] = [];
  for (const [name, run] of candidates) {
    say(`calibrating ${name}`);
    const expects = (answer: unknown) => answer !== undefined;
    const loop = compileLoop({ name, run, awaited: false, expects }, inputs);
    runs.push({ loop, times: await calibrate(loop, sampleMs) });
  }
  const samples = await interleave(runs, rounds, async ({ loop, times }) => {
    collectGarbage();
    return ((await loop.time(times)) * 1e6) / times;
  });
  const ratios = samples.map((one) => pairedRatio(one, samples[0] as number[]));
  const rows = runs.map(({ loop }, i) => {
    return [loop.name, ratios[i] as number, median(samples[i] as number[])];
  });
  const columns = [{ title: 'candidate' }, { title: '× hash', digits: 2 }, { title: 'ns' }];
  return { table: { title, columns, rows }, ours: ratios[1] as number };
}

function lookup(subject: Subject, nodes: number): Candidate {
  say(`building ${subject.name}`);
  const { nodeFor } = subject.open(membersOf(nodes), points);
  return [subject.name, nodeFor];
}

/** Where a key lives, of so many nodes. Gated. */
export async function measureLookup(
  nodes: number,
  most: number,
  settings: Settings,
): Promise<Findings> {
  const candidates: Candidate[] = [hashAlone()];
  for (const subject of [gabion, ...peers]) candidates.push(lookup(subject, nodes));
  if (nodes <= 10) candidates.push(lookup(gabionRendezvous, nodes));
  const title = `Lookup, ${nodes} nodes × ${points} points, ${renderCell(keyCount)} keys`;
  const { table, ours } = await compare(title, candidates, settings);
  const gate: Gate = {
    name: `a lookup among ${nodes} nodes, as a multiple of the hash of the key`,
    figure: ours,
    must: 'at most',
    limit: most,
  };
  return { tables: [table], gates: [gate] };
}

/** A bucket of a thousand, by number and by text. */
export async function measureJump(settings: Settings): Promise<Findings> {
  const numberOf = (key: string) => Number(key.slice(5));
  const { table } = await compare(
    'Jump hashing, 1 000 buckets',
    [
      hashAlone(),
      ['gabion jumpHash(text)', (key) => jumpHash(key, 1_000)],
      ['gabion jumpHash(number)', (key) => jumpHash(numberOf(key), 1_000)],
      ['jumphash(text)', (key) => jumphash(key, 1_000)],
      ['jumphash(number)', (key) => jumphash(numberOf(key), 1_000)],
    ],
    settings,
  );
  return { tables: [table], gates: [] };
}
