import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@gabion/testkit';
import { ownPostgres } from '@gabion/testkit/own-postgres';
import fc from 'fast-check';
import { Pool } from 'pg';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createFencedLock } from '../src/index.js';
import { fenceInTransaction, migrate, postgresLeaseStore } from '../src/postgres.js';
import { findViolations } from './history.js';
import { startWorkload } from './workload.js';

const own = ownPostgres();
const timeoutMs = 300;

beforeAll(async () => {
  await migrate(own.direct);
  await own.direct.query('CREATE TABLE register (fence bigint)');
  await own.direct.query('INSERT INTO register VALUES (0)');
});

const faults = {
  stall: () => own.proxy.stall(),
  'lose replies': () => own.proxy.dropReplies(),
  cut: () => own.proxy.cut(),
  delay: () => own.proxy.delay(30),
  SIGSTOP: () => own.server.pause(),
  'kill -9': async () => {
    await own.server.kill();
    await own.server.restart();
  },
} as const;
type FaultName = keyof typeof faults;

async function suffer(fault: FaultName, forMs: number): Promise<void> {
  await faults[fault]();
  await pause(forMs);
  if (fault === 'SIGSTOP') own.server.resume();
  own.proxy.heal();
  await pause(100);
}

function openPool(): Pool {
  const pool = new Pool({ connectionString: own.url, max: 4 });
  // A connection that breaks would otherwise end the process, idle or lent.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  onTestFinished(() => void pool.end());
  return pool;
}

/** Writes the register in a transaction that checks the fence first. */
async function write(pool: Pool, fence: number): Promise<void> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    await fenceInTransaction(client, 'register', fence, { timeoutMs });
    await client.query('UPDATE register SET fence = $1', [fence]);
    await client.query('COMMIT');
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    // A connection that failed is closed, and its transaction with it.
    client.release(failure);
  }
}

/** Three processes' worth of locks on two keys, and the register that their fences guard. */
function start() {
  const locks = [0, 1, 2].map(() =>
    createFencedLock({ store: postgresLeaseStore(openPool(), { timeoutMs }), leaseMs: 500 }),
  );
  const writer = openPool();
  return startWorkload({ locks, keys: ['a', 'b'], write: (fence) => write(writer, fence) });
}

const kept: FaultName[] = ['stall', 'lose replies', 'cut', 'delay', 'SIGSTOP'];
const script = (names: readonly FaultName[]) =>
  fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 20, max: 400 })), {
    minLength: 4,
    maxLength: 6,
  });

async function violationsUnder(plan: readonly (readonly [FaultName, number])[]): Promise<string[]> {
  const workload = start();
  for (const [fault, forMs] of plan) await suffer(fault, forMs);
  const before = workload.grants();
  await until(() => workload.grants() > before + 5, {
    what: 'work after the faults',
    timeoutMs: 30_000,
  });
  // PostgreSQL forgets nothing that it has confirmed, so that the rules hold through kill -9, too.
  return findViolations(await workload.stop());
}

describe('9. PostgreSQL: what it may go through', () => {
  test('a lock is held through kill -9, and no fence goes back', async () => {
    const store = postgresLeaseStore(own.direct, { timeoutMs: 20_000 });
    const request = { key: 'held through it', owner: 'a.1', holdMs: 600_000 };
    const granted = await store.acquire(request);
    await faults['kill -9']();
    // Connections that idled are found dead one by one.
    await until(() => store.renew(request));
    const other = { ...request, owner: 'b.1' };
    expect(await store.acquire(other)).toMatchObject({ status: 'held' });
    expect(await store.acquire(request)).toEqual(granted);
    expect(await store.release(request)).toBe('released');
    const { fence } = (await store.acquire(other)) as { fence: number };
    expect(fence).toBeGreaterThan((granted as { fence: number }).fence);
  });

  test('stalls, lost replies, cuts, delays and SIGSTOP break no rule of a fenced mutex', async () => {
    await fc.assert(
      fc.asyncProperty(script(kept), async (plan) => {
        expect(await violationsUnder(plan)).toEqual([]);
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  test('kill -9 breaks none either: no lease is forgotten, no fence goes back, no stale write lands', async () => {
    await fc.assert(
      fc.asyncProperty(script([...kept, 'kill -9']), async (plan) => {
        expect(await violationsUnder([['kill -9', 50], ...plan])).toEqual([]);
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});
