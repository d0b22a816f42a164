import { inFreshProcess } from '../fresh-process.js';
import { bytesInUse } from '../heap.js';
import { say } from '../progress.js';
import { renderCell } from '../render.js';
import type { Findings, Settings } from '../report.js';
import { median } from '../stats.js';
import { gabion, membersOf, peers } from './subjects.js';

const nodes = 1_000;
const points = 160;
/** What takes longer is built once. */
const patienceMs = 2_000;

const subjects = [gabion, ...peers];

interface Job {
  readonly subject: string;
  readonly rounds: number;
}

/** How long one candidate takes to build a ring, and what it keeps, in this process. */
export async function buildOf({ subject, rounds }: Job): Promise<{ ms: number; bytes: number }> {
  const { open } = subjects.find(({ name }) => name === subject) as (typeof subjects)[number];
  const members = membersOf(nodes);
  open(membersOf(1), points).nodeFor('first');
  const before = bytesInUse();
  const times: number[] = [];
  let kept = open([], points);
  for (let spent = 0; times.length < rounds && spent < patienceMs; ) {
    const beganAt = performance.now();
    kept = open(members, points);
    // Some sort at the first question only.
    kept.nodeFor('first');
    const tookMs = performance.now() - beganAt;
    times.push(tookMs);
    spent += tookMs;
  }
  const bytes = (bytesInUse() - before) / (nodes * points);
  // Asked once more, so that nothing of it can be collected before it is measured.
  kept.nodeFor('last');
  return { ms: median(times), bytes };
}

/** Building a ring of 160 000 points, each candidate alone in a process of its own. */
export async function measureBuild({ rounds }: Settings): Promise<Findings> {
  const rows: [string, number, number][] = [];
  for (const { name } of subjects) {
    say(`building ${name}`);
    const argument: Job = { subject: name, rounds };
    const job = { module: import.meta.url, name: 'buildOf', argument };
    const { ms, bytes } = await inFreshProcess<{ ms: number; bytes: number }>(job);
    rows.push([name, ms, bytes]);
  }
  const title = `Building a ring of ${renderCell(nodes)} nodes × ${points} points`;
  const columns = [
    { title: 'candidate' },
    { title: 'ms', digits: 1 },
    { title: 'bytes a point', digits: 1 },
  ];
  return { tables: [{ title, columns, rows }], gates: [] };
}
