import { inFreshProcess } from '../fresh-process.js';
import type { Gate } from '../gate.js';
import { say } from '../progress.js';
import { renderCell } from '../render.js';
import type { Cell, Findings, Table } from '../report.js';
import { gabion, gabionRendezvous, keysOf, membersOf, peers, type Subject } from './subjects.js';

const points = 160;
const keyCount = 50_000;
const keyCountOfSlow = 1_000;
const subjects = [gabion, gabionRendezvous, ...peers];

/** Keys to ask a candidate for. */
export function keysFor({ isSlow = false }: Subject, count = keyCount): string[] {
  return keysOf(isSlow ? keyCountOfSlow : count);
}

/** The fullest node's keys as a multiple of the mean. */
export function peakToMean(subject: Subject, nodes: number, keys = keysFor(subject)): number {
  const { nodeFor } = subject.open(membersOf(nodes), points);
  const counts = new Map<string | undefined, number>();
  for (const key of keys) {
    const home = nodeFor(key);
    counts.set(home, (counts.get(home) ?? 0) + 1);
  }
  return (Math.max(...counts.values()) * nodes) / keys.length;
}

/** What moves when a node comes: all of it, and what moves between the nodes that were there. */
export function movement(subject: Subject, nodes: number, keys = keysFor(subject)) {
  const members = membersOf(nodes + 1);
  const before = subject.open(members.slice(0, nodes), points);
  const after = subject.open(members, points);
  const comes = members.at(-1)?.id;
  let moved = 0;
  let needless = 0;
  for (const key of keys) {
    const target = after.nodeFor(key);
    if (before.nodeFor(key) === target) continue;
    moved += 1;
    if (target !== comes) needless += 1;
  }
  return { moved: moved / keys.length, needless: needless / keys.length };
}

/** Where some keys live, as one process has it. */
export async function homesOf(name: string): Promise<(string | null)[]> {
  const subject = subjects.find((one) => one.name === name) as Subject;
  const { nodeFor } = subject.open(membersOf(10), points);
  return keysFor(subject, 5_000).map((key) => nodeFor(key) ?? null);
}

/** The share of keys about which two processes agree. */
export async function agreement(subject: Subject): Promise<number> {
  const job = { module: import.meta.url, name: 'homesOf', argument: subject.name };
  const [one, other] = [await inFreshProcess(job), await inFreshProcess(job)] as string[][];
  const same = one?.filter((home, i) => home === other?.[i]) ?? [];
  return same.length / (one?.length ?? 1);
}

/** How evenly keys are shared out, and what moves. Needless moves are gated. */
export async function measureSharing(): Promise<Findings> {
  const balance: Cell[][] = [];
  const moves: Cell[][] = [];
  let needless = 0;
  for (const subject of subjects) {
    const { name, isSlow = false } = subject;
    say(`balance of ${name}`);
    balance.push([name, peakToMean(subject, 10), isSlow ? null : peakToMean(subject, 100)]);
    say(`movement of ${name}`);
    const few = movement(subject, 6);
    const many = isSlow ? undefined : movement(subject, 100);
    const agreed = await agreement(subject);
    const shares = [few.moved, few.needless, many?.needless, agreed];
    moves.push([name, ...shares.map((share) => (share === undefined ? null : share * 100))]);
    if (name.startsWith('gabion')) needless += few.needless + (many?.needless ?? 0);
  }
  const gate: Gate = { name: 'needless moves', figure: needless, must: 'at most', limit: 0 };
  return { tables: [balanceTable(balance), movesTable(moves)], gates: [gate] };
}

function balanceTable(rows: Cell[][]): Table {
  const keys = `${renderCell(keyCount)} keys`;
  return {
    title: `The fullest node's keys ÷ the mean, ${points} points a node, ${keys}`,
    notes: [`Where a lookup is a linear search: ${renderCell(keyCountOfSlow)} keys, ten nodes.`],
    columns: [
      { title: 'candidate' },
      { title: '10 nodes', digits: 2 },
      { title: '100 nodes', digits: 2 },
    ],
    rows,
  };
}

function movesTable(rows: Cell[][]): Table {
  return {
    title: 'What moves when a node comes, and what two processes agree about, in % of the keys',
    notes: [
      'A move is needless when it is not to the node that comes. A seventh is 14.3 %.',
      'Each ring is built anew, as in another process or after a restart.',
    ],
    columns: [
      { title: 'candidate' },
      { title: '6 → 7 moves', digits: 1 },
      { title: 'needless', digits: 2 },
      { title: '100 → 101, needless', digits: 2 },
      { title: 'processes agree', digits: 1 },
    ],
    rows,
  };
}
