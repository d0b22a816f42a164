import { setImmediate } from 'node:timers/promises';
import type { Gate } from '../gate.js';
import { collectGarbage } from '../heap.js';
import { interleave } from '../interleave.js';
import { calibrate, compileLoop } from '../loop.js';
import { say } from '../progress.js';
import type { Findings, Settings } from '../report.js';
import { median, pairedRatio } from '../stats.js';
import {
  asyncRetry,
  cockatielRetry,
  cockatielTimeout,
  floor,
  gabion,
  opossumLoop,
  pRetryPlain,
  pRetryWith,
  type Wrapped,
} from './wrappers.js';

const terms = { maxAttempts: 4, baseMs: 50 };
/**
 * After so many calls the event loop turns: what an abort signal leaves behind is kept until then,
 * and no program makes a million calls without a turn.
 */
const turn = 1_000;
/** As good as no deadline, so that no timer of the benchmark is ever due. */
const hourMs = 3_600_000;

/** The first is the floor, the second is the one that is gated. */
function everyone(): Wrapped[] {
  return [
    floor(terms),
    gabion('gabion', terms, { nested: 'independent' }),
    gabion('gabion, with nesting', terms),
    gabion('gabion, with a deadline', terms, { nested: 'independent', deadlineMs: hourMs }),
    gabion('gabion, with both', terms, { deadlineMs: hourMs }),
    cockatielRetry(terms),
    cockatielTimeout(terms, hourMs),
    opossumLoop(terms),
    pRetryPlain(),
    pRetryWith(terms),
    asyncRetry(terms),
  ];
}

async function service(request: string): Promise<string> {
  return request;
}

/** What everyone costs when nothing fails. Gated. */
export async function measureSuccess({ rounds, sampleMs }: Settings): Promise<Findings> {
  const loops = everyone().map(({ name, run }) => {
    const work = (request: string) => run(() => service(request));
    const expects = (answer: unknown) => answer === 'request';
    return compileLoop({ name, run: work, awaited: true, expects }, 'request');
  });
  const runs: { loop: (typeof loops)[number]; times: number }[] = [];
  for (const loop of loops) {
    say(`calibrating ${loop.name}`);
    runs.push({ loop, times: await calibrate(loop, sampleMs) });
  }
  const samples = await interleave(runs, rounds, async ({ loop, times }) => {
    collectGarbage();
    let tookMs = 0;
    for (let left = times; left > 0; left -= turn) {
      tookMs += await loop.time(Math.min(left, turn));
      await setImmediate();
    }
    return (tookMs * 1e6) / times;
  });
  const ratios = samples.map((one) => pairedRatio(one, samples[0] as number[]));
  const rows = loops.map(({ name }, i) => {
    return [name, ratios[i] as number, median(samples[i] as number[])];
  });
  const columns = [{ title: 'candidate' }, { title: '× floor', digits: 2 }, { title: 'ns' }];
  const title = 'One call after another, each a success at the first attempt';
  const gate: Gate = {
    name: 'a success with a budget, as a multiple of a loop by hand',
    figure: ratios[1] as number,
    must: 'at most',
    limit: 1.3,
  };
  return { tables: [{ title, columns, rows }], gates: [gate] };
}
