import { describe, expect, test } from 'vitest';
import { postgresLeaseStore, sweep } from '../src/postgres.js';
import { ownSchema, patience } from './postgres-fixtures.js';
import { realTime } from './store-clients.js';

const own = ownSchema();
const hourMs = 3_600_000;

describe('9. PostgreSQL', () => {
  test('a held lock is one row, and a released one is none', async () => {
    const { store, namespace } = await own.newStore();
    const request = { key: 'é {k}', owner: 'a.1', holdMs: hourMs };
    const answer = await store.acquire(request);
    expect(await own.rows(namespace)).toEqual([
      {
        ...{ namespace, key: 'é {k}', owner: 'a.1', until: expect.any(Date), line: [] },
        fence: String((answer as { fence: number }).fence),
      },
    ]);
    await store.release(request);
    expect(await own.rows(namespace)).toEqual([]);
  });

  test('a lock that is passed on keeps its row, and the last in line leaves none', async () => {
    const { store, namespace } = await own.newStore();
    const holdMs = hourMs;
    await store.acquire({ key: 'k', owner: 'a.1', holdMs });
    await store.acquire({ key: 'k', owner: 'b.1', holdMs, waiter: 'b' });
    await store.acquire({ key: 'k', owner: 'c.1', holdMs, waiter: 'c' });
    await store.release({ key: 'k', owner: 'a.1' });
    expect(await own.rows(namespace)).toMatchObject([{ owner: 'b', fence: '0', line: ['c'] }]);
    await store.leave({ key: 'k', waiter: 'c' });
    await store.leave({ key: 'k', waiter: 'b' });
    expect(await own.rows(namespace)).toEqual([]);
  });

  test('a lease that ended is written over', async () => {
    const { store, namespace } = await own.newStore();
    await store.acquire({ key: 'k', owner: 'a.1', holdMs: 1 });
    await store.acquire({ key: 'k', owner: 'b.1', holdMs: 1, waiter: 'b' });
    await realTime(1);
    await store.acquire({ key: 'k', owner: 'c.1', holdMs: hourMs });
    expect(await own.rows(namespace)).toMatchObject([{ owner: 'c.1', line: [] }]);
  });

  test('no connection is kept while locks are held, and nothing in a session', async () => {
    const client = await own.connect();
    const store = postgresLeaseStore(client, { schema: own.schema, ...patience });
    const asked = [1, 2, 3, 4, 5].map((i) => ({ key: `${i}`, owner: 'a.1', holdMs: hourMs }));
    for (const request of asked) expect(await store.acquire(request)).toHaveProperty('fence');
    // One connection had room for five locks, for others' statements, and has it for ours.
    const left = async (text: string) => (await client.query(text)).rows;
    expect(await left(`SELECT * FROM pg_locks WHERE locktype = 'advisory'`)).toEqual([]);
    expect(await left('SELECT * FROM pg_prepared_statements')).toEqual([]);
    expect(await left('SELECT * FROM pg_cursors')).toEqual([]);
    for (const request of asked) expect(await store.release(request)).toBe('released');
  });

  test('a lease is counted from when it is asked for, not from when its transaction began', async () => {
    const client = await own.connect();
    const { schema } = own;
    const { store } = await own.newStore({ namespace: 'clock' });
    const inside = postgresLeaseStore(client, { schema, namespace: 'clock', ...patience });
    await client.query('BEGIN');
    await client.query('SELECT pg_sleep(1.1)');
    await inside.acquire({ key: 'k', owner: 'a.1', holdMs: 1_000 });
    await client.query('COMMIT');
    const answer = await store.acquire({ key: 'k', owner: 'b.1', holdMs: 1 });
    expect(answer.status).toBe('held');
  });

  test('verbs on one key wait for each other, and on different keys they do not', async () => {
    const [first, second] = [await own.connect(), await own.connect()];
    const place = { schema: own.schema, ...patience };
    const inside = postgresLeaseStore(first, place);
    const beside = postgresLeaseStore(second, place);
    // The counter is ahead of the clock, so that nobody has to move it.
    await own.pool.query(`SELECT setval('${own.schema}."fenced_lock:default"', 9000000000000000)`);
    await first.query('BEGIN');
    await inside.acquire({ key: 'one', owner: 'a.1', holdMs: hourMs });
    expect(await beside.acquire({ key: 'other', owner: 'b.1', holdMs: hourMs })).toHaveProperty(
      'fence',
    );
    const asked = beside.renew({ key: 'one', owner: 'a.1', holdMs: hourMs });
    await own.waiting(1);
    await first.query('COMMIT');
    expect(await asked).toBe('renewed');
  });

  test('a sweep deletes what has ended, in all namespaces, as many rows as it may, and nothing else', async () => {
    const { schema, pool } = own;
    const [one, other] = [await own.newStore(), await own.newStore()];
    await one.take('live');
    for (let i = 0; i < 5; i += 1) {
      await one.store.acquire({ key: `${i}`, owner: 'a.1', holdMs: 1 });
      await other.store.acquire({ key: `${i}`, owner: 'a.1', holdMs: 1 });
    }
    await realTime(1);
    await sweep(pool, { schema, ...patience });
    for (const { namespace } of [one, other]) {
      expect((await own.rows(namespace)).map(({ key }) => key)).toEqual(
        namespace === one.namespace ? ['live'] : [],
      );
    }
    for (let i = 0; i < 5; i += 1) {
      await one.store.acquire({ key: `${i}`, owner: 'a.1', holdMs: 1 });
    }
    await realTime(1);
    expect(await sweep(pool, { schema, limit: 3, ...patience })).toBe(3);
    expect(await sweep(pool, { schema, limit: 3, ...patience })).toBe(2);
    expect(await sweep(pool, { schema, limit: 3, ...patience })).toBe(0);
  });

  test('a renewal that a sweep overtakes is renewed all the same: the lease stood when it was asked', async () => {
    const { store, namespace } = await own.newStore();
    const [renewing, sweeping] = [await own.connect(), await own.connect()];
    const place = { schema: own.schema, namespace, ...patience };
    await store.acquire({ key: 'k', owner: 'a.1', holdMs: hourMs });
    await sweeping.query('BEGIN');
    // As a sweep would, had the lease ended between the look and the write of a renewal.
    await sweeping.query(`DELETE FROM ${own.schema}.fenced_lock_lease WHERE namespace = $1`, [
      namespace,
    ]);
    const renewed = postgresLeaseStore(renewing, place).renew({
      key: 'k',
      owner: 'a.1',
      holdMs: hourMs,
    });
    await own.waiting(1);
    await sweeping.query('COMMIT');
    expect(await renewed).toBe('renewed');
    expect(await own.rows(namespace)).toMatchObject([{ owner: 'a.1' }]);
  });

  test('a call that gets no answer in time may have had an effect', async () => {
    const { store, namespace } = await own.newStore();
    const client = await own.connect();
    // Connected, and sure of the layout.
    await store.renew({ key: 'k', owner: 'a.1', holdMs: hourMs });
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${own.schema}.fenced_lock_lease`);
    const call = store.acquire({ key: 'k', owner: 'a.1', holdMs: hourMs }, { timeoutMs: 40 });
    await expect(call).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      effect: 'unknown',
      message: 'postgresLeaseStore.acquire: no reply within 40 ms',
    });
    const place = { schema: own.schema, namespace, timeoutMs: 30 };
    const short = postgresLeaseStore(own.pool, place);
    const release = short.release({ key: 'k', owner: 'a.1' }, { timeoutMs: 20_000 });
    await expect(release).rejects.toThrow('no reply within 30 ms');
    await client.query('ROLLBACK');
  });

  test('namespaces and schemas share no lock', async () => {
    const [one, other] = [await own.newStore(), await own.newStore()];
    await one.take('k');
    await other.take('k');
    await expect(one.take('k')).rejects.toThrow('k is held');
  });

  test('a namespace of any text has a counter of its own', async () => {
    const names = [
      'case',
      'Case',
      'it\'s "quoted"',
      'back\\slash',
      'a%s',
      '\u0000',
      '\\0',
      'é'.repeat(48),
      `${'é'.repeat(47)}e`,
      '🔥'.repeat(24),
      'a'.repeat(48),
      `${'a'.repeat(47)}b`,
    ];
    const fences: number[] = [];
    for (const [i, namespace] of names.entries()) {
      const { take } = await own.newStore({ namespace });
      // Far apart, so that a shared counter would show.
      fences.push(await take('k', 2e15 + (names.length - i) * 1e12));
    }
    expect(fences).toEqual(names.map((_, i) => 2e15 + (names.length - i) * 1e12 + 1));
  });
});
