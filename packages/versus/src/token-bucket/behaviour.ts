import { startRedis } from '@gabion/testkit';
import { Redis } from 'ioredis';
import { behaviourTable, type Judgement, judge, ownGate } from '../behaviour.js';
import type { Findings } from '../report.js';
import { faultScenarios, remoteNotes } from './fault-scenarios.js';
import { memoryNotes, memoryScenarios } from './memory-scenarios.js';
import { redisScenarios } from './redis-scenarios.js';
import { overRedis, type RemoteSubject } from './redis-subjects.js';
import { inMemory } from './subjects.js';

/** What holds and what fails in this process. Our own column is gated. */
export async function judgeInMemory(): Promise<Findings> {
  const judgement = await judge(memoryScenarios, inMemory);
  const table = behaviourTable('Limiters in this process', judgement, memoryNotes);
  return { tables: [table], gates: [ownGate('scenarios in memory that gabion fails', judgement)] };
}

/** Tries all scenarios over Redis, well and unwell, on a server that is started for them. */
export async function judgeRemote(subjects: readonly RemoteSubject[]): Promise<Judgement> {
  const server = await startRedis();
  const admin = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  const place = { server, admin };
  try {
    return await judge([...redisScenarios(place), ...faultScenarios(place)], subjects);
  } finally {
    admin.disconnect();
    await server.stop();
  }
}

/** What holds and what fails over Redis. Our own columns are gated. */
export async function judgeOverRedis(): Promise<Findings> {
  const judgement = await judgeRemote(overRedis);
  const table = behaviourTable('Limiters in Redis, on ioredis', judgement, remoteNotes);
  return { tables: [table], gates: [ownGate('scenarios over Redis that gabion fails', judgement)] };
}
