import { type Outcome, outcome, type Scenario } from '../behaviour.js';
import { inFreshProcess } from '../fresh-process.js';
import { agreement, keysFor, movement, peakToMean } from './sharing.js';
import { gabion, gabionRendezvous, membersOf, peers, type Subject } from './subjects.js';

const points = 160;
const keyCount = 5_000;
const some = (subject: Subject) => keysFor(subject, keyCount);
const percent = (share: number) => `${Number((share * 100).toFixed(share < 0.1 ? 2 : 1))} %`;

/** What a node of weight `weight` gets beside two of weight 1. */
function shareOf(subject: Subject, weight: number): number {
  const members = [...membersOf(2), { id: 'odd', weight }];
  const { nodeFor } = subject.open(members, points);
  const keys = some(subject);
  return keys.filter((key) => nodeFor(key) === 'odd').length / keys.length;
}

async function drained(subject: Subject): Promise<Outcome> {
  if (subject.noWeights !== undefined) return { verdict: 'n/a', note: subject.noWeights };
  const share = shareOf(subject, 0);
  return outcome(share === 0, `gets ${percent(share)}`);
}

async function weighted(subject: Subject): Promise<Outcome> {
  if (subject.noWeights !== undefined) return { verdict: 'n/a', note: subject.noWeights };
  const share = shareOf(subject, 2);
  return outcome(Math.abs(share - 0.5) < 0.1, `gets ${percent(share)}`);
}

async function sevenNodes(subject: Subject): Promise<Outcome> {
  const { needless } = movement(subject, 6, some(subject));
  return outcome(needless === 0, `${percent(needless)} move for nothing`);
}

async function evenly(subject: Subject): Promise<Outcome> {
  const peak = peakToMean(subject, 10, some(subject));
  return outcome(peak < 1.5, `fullest ${peak.toFixed(2)} × mean`);
}

async function anyOrder(subject: Subject): Promise<Outcome> {
  const members = membersOf(10);
  const [one, other] = [members, members.toReversed()].map((all) => subject.open(all, points));
  const keys = some(subject);
  const agreed = keys.filter((key) => one?.nodeFor(key) === other?.nodeFor(key)).length;
  return outcome(agreed === keys.length, `${percent(agreed / keys.length)} agree`);
}

async function twoProcesses(subject: Subject): Promise<Outcome> {
  const agreed = await agreement(subject);
  return outcome(agreed === 1, `${percent(agreed)} agree`);
}

/** What the key `__proto__` does to every object of a process; never in a process that goes on. */
export async function pollutionBy(name: string): Promise<string> {
  const subject = [gabion, gabionRendezvous, ...peers].find((one) => one.name === name) as Subject;
  const known = new Set(Object.getOwnPropertyNames(Object.prototype));
  const members = [...membersOf(2), { id: '__proto__', weight: 1 }];
  const { nodeFor } = subject.open(membersOf(3), points);
  const homes = ['__proto__', '__proto__', 'constructor'].map((key) => nodeFor(key));
  const added = Object.getOwnPropertyNames(Object.prototype).filter((one) => !known.has(one));
  const inherited: string[] = [];
  for (const property in {}) inherited.push(property);
  if (added.length + inherited.length > 0) return 'pollutes Object.prototype';
  if (homes.some((home) => typeof home !== 'string')) return `answers ${typeof homes[0]}`;
  const asNode = subject.open(members, points);
  const keys = some(subject);
  const own = keys.filter((key) => asNode.nodeFor(key) === '__proto__').length / keys.length;
  return own > 0.2 ? '' : `as a node it gets ${percent(own)}`;
}

async function prototypeKey({ name }: Subject): Promise<Outcome> {
  const job = { module: import.meta.url, name: 'pollutionBy', argument: name };
  const harm = await inFreshProcess<string>(job);
  return outcome(harm === '', harm);
}

async function nobody({ open }: Subject): Promise<Outcome> {
  try {
    const home = open([], points).nodeFor('k');
    return outcome(home === undefined, home === undefined ? '' : `answers ${home}`);
  } catch (error) {
    return outcome(false, `throws ${(error as Error).name}`);
  }
}

/** Replicas: distinct, the first where the key lives, and the others in the order of a failover. */
async function preference(subject: Subject): Promise<Outcome> {
  const ring = subject.open(membersOf(10), points);
  if (ring.nodesFor === undefined) return { verdict: 'n/a', note: 'one node only' };
  let wrong = 0;
  const keys = some(subject).slice(0, 200);
  for (const key of keys) {
    const list = ring.nodesFor(key, 3);
    const isStable = [1, 2].every((n) => ring.nodesFor?.(key, n).every((id, i) => id === list[i]));
    const all = ring.nodesFor(key, 10);
    const isPrefix = list.every((id, i) => id === all[i]);
    const isFirst = list[0] === ring.nodeFor(key);
    if (!isStable || !isPrefix || !isFirst || new Set(list).size !== 3) wrong += 1;
  }
  return outcome(wrong === 0, `${percent(wrong / keys.length)} of lists wrong`);
}

/** What should hold of every ring. */
export const ringScenarios: readonly Scenario<Subject>[] = [
  { claim: 'a node of weight 0 gets nothing', run: drained },
  { claim: 'a node of weight 2 beside two of 1 gets half', run: weighted },
  { claim: '6 → 7 nodes: keys move to the seventh only', run: sevenNodes },
  { claim: 'no node of ten gets 1.5 times the mean', run: evenly },
  { claim: 'the order of the members makes no difference', run: anyOrder },
  { claim: 'two processes agree', run: twoProcesses },
  { claim: 'a key or node like __proto__ is like any other', run: prototypeKey },
  { claim: 'an empty ring answers, and does not throw', run: nobody },
  { claim: 'n nodes: distinct, first as for one, each list begins the next', run: preference },
];
