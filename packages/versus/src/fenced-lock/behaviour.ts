import { startRedis } from '@gabion/testkit';
import { Redis } from 'ioredis';
import { behaviourTable, type Judgement, judge, ownGate } from '../behaviour.js';
import type { Findings } from '../report.js';
import { lockNotes, lockScenarios, quorumScenarios } from './scenarios.js';
import { allLocks, type LockSubject } from './subjects.js';

/** What became of the claims that are made of every lock, and of those made of a quorum. */
interface Judgements {
  readonly ofAll: Judgement;
  readonly ofQuorums: Judgement;
}

/** Tries all scenarios on a server that is started for them. */
export async function judgeLocks(subjects: readonly LockSubject[]): Promise<Judgements> {
  await using server = await startRedis();
  const admin = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  try {
    const place = { server, admin };
    return {
      ofAll: await judge(lockScenarios(place), subjects),
      ofQuorums: await judge(quorumScenarios(place), subjects),
    };
  } finally {
    admin.disconnect();
  }
}

/** What holds and what fails. Our own column is gated, where the question arises for it. */
export async function judgeEveryLock(): Promise<Findings> {
  const { ofAll, ofQuorums } = await judgeLocks(allLocks);
  const rows = [...ofAll.rows, ...ofQuorums.rows];
  const table = behaviourTable('Locks in Redis, on ioredis', { ...ofAll, rows }, lockNotes);
  return { tables: [table], gates: [ownGate('scenarios that gabion fails', ofAll)] };
}
