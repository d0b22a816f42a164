import { type Server, startPgBouncer, startPostgres } from '@gabion/testkit';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fenceStoreLaws, leaseStoreLaws } from '../src/conformance.js';
import { createFencedLock } from '../src/index.js';
import {
  fenceInTransaction,
  migrate,
  postgresFenceStore,
  postgresLeaseStore,
} from '../src/postgres.js';
import { realTime } from './store-clients.js';

const timeoutMs = 20_000;

describe('9. PostgreSQL behind a PgBouncer that pools transactions', () => {
  let postgres: Server;
  let bouncer: Server;
  let pool: Pool;
  beforeAll(async () => {
    postgres = await startPostgres();
    // Two sessions for all, so that each statement may meet another one.
    bouncer = await startPgBouncer(postgres, { poolSize: 2 });
    pool = new Pool({ connectionString: bouncer.url, max: 20 });
    pool.on('error', () => {});
    await migrate(pool);
    await migrate(pool, { namespace: 'locks' });
  });
  afterAll(async () => {
    await pool?.end();
    await bouncer?.stop();
    await postgres?.stop();
  });

  describe('the lease store', () => {
    for (const law of leaseStoreLaws) {
      test(law.name, () => {
        const store = postgresLeaseStore(pool, { timeoutMs });
        return law.check({ store, advance: realTime });
      });
    }
  });

  describe('the fence store', () => {
    for (const law of fenceStoreLaws) {
      test(law.name, () => law.check({ store: postgresFenceStore(pool, { timeoutMs }) }));
    }
  });

  test('more locks are held than there are sessions, and each excludes the others', async () => {
    const store = postgresLeaseStore(pool, { namespace: 'locks', timeoutMs });
    const locks = Array.from({ length: 4 }, () => createFencedLock({ store, leaseMs: 60_000 }));
    const held = new Map<string, number>();
    const fences: number[] = [];
    const work = async (lock: (typeof locks)[0], key: string) => {
      for (let i = 0; i < 3; i += 1) {
        await lock.run(key, async ({ fence }) => {
          held.set(key, (held.get(key) ?? 0) + 1);
          expect(held.get(key)).toBe(1);
          fences.push(fence);
          await pool.query('SELECT pg_sleep(0.002)');
          held.set(key, 0);
        });
      }
    };
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(locks.flatMap((lock) => keys.map((key) => work(lock, key))));
    expect(new Set(fences).size).toBe(4 * 6 * 3);
  });

  test('a fence joins a transaction, which has one session while it lasts', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await fenceInTransaction(client, 'ledger', 7, { timeoutMs });
    await client.query('COMMIT');
    await client.query('BEGIN');
    const older = fenceInTransaction(client, 'ledger', 6, { timeoutMs });
    await expect(older).rejects.toMatchObject({ code: 'STALE_FENCE', highest: 7 });
    await client.query('ROLLBACK');
    client.release();
  });
});
