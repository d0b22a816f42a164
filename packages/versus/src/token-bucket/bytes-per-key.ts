import { inFreshProcess } from '../fresh-process.js';
import type { Gate } from '../gate.js';
import { bytesInUse } from '../heap.js';
import { say } from '../progress.js';
import { renderCell } from '../render.js';
import type { Findings, Settings } from '../report.js';
import { expressRateLimit, floor, gabion, limiter, rateLimiterFlexible } from './in-memory.js';
import type { Terms } from './terms.js';

/** No take is made good within the measurement, so that every key has to be kept. */
const slow: Terms = { capacity: 10, tokens: 1, everyMs: 3_600_000 };

/** The floor, then ours, then the peers. */
const makers = { floor, gabion, limiter, rateLimiterFlexible, expressRateLimit };

interface Job {
  readonly candidate: keyof typeof makers;
  readonly keys: number;
}

/** What one candidate takes up, measured in the process that it is called in. */
export async function bytesOf({ candidate, keys }: Job): Promise<{ name: string; bytes: number }> {
  // The texts are there before and after, so only what is kept beyond them counts.
  const texts = Array.from({ length: keys }, (_, i) => `user:${i}`);
  const { name, run, awaited } = makers[candidate](slow);
  if (awaited) await run('first');
  else run('first');
  const before = bytesInUse();
  for (const text of texts) {
    if (awaited) await run(text);
    else run(text);
  }
  const bytes = (bytesInUse() - before) / keys;
  // One more call, so that no candidate can be collected before it is measured.
  run(texts[0] as string);
  return { name, bytes };
}

/** Bytes per key beyond the key's text, each candidate alone in a process of its own. */
export async function measureBytesPerKey({ manyKeys: keys }: Settings): Promise<Findings> {
  const found: { name: string; bytes: number }[] = [];
  for (const candidate of Object.keys(makers) as (keyof typeof makers)[]) {
    say(`filling ${candidate}`);
    const argument: Job = { candidate, keys };
    found.push(await inFreshProcess({ module: import.meta.url, name: 'bytesOf', argument }));
  }
  const least = found[0]?.bytes as number;
  const rows = found.map(({ name, bytes }) => [name, bytes / least, bytes]);
  const columns = [{ title: 'candidate' }, { title: '× floor', digits: 2 }, { title: 'bytes' }];
  const title = `Bytes per key beyond its text, at ${renderCell(keys)} keys`;
  const gate: Gate = {
    name: 'bytes per key in memory',
    figure: found[1]?.bytes as number,
    must: 'at most',
    limit: 110,
  };
  return { tables: [{ title, columns, rows }], gates: [gate] };
}
