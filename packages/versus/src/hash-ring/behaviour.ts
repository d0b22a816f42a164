import { behaviourTable, judge, ownGate } from '../behaviour.js';
import type { Findings } from '../report.js';
import { ringScenarios } from './scenarios.js';
import { gabion, gabionRendezvous, peers } from './subjects.js';

/** What holds and what fails. Our own columns are gated. */
export async function judgeRings(): Promise<Findings> {
  const judgement = await judge(ringScenarios, [gabion, gabionRendezvous, ...peers]);
  const table = behaviourTable('Rings, 160 points a node, 5 000 keys', judgement);
  return { tables: [table], gates: [ownGate('scenarios that gabion fails', judgement)] };
}
