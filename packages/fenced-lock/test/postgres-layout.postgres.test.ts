import { randomPrefix } from '@gabion/testkit';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  fenceInTransaction,
  migrate,
  postgresFenceStore,
  postgresLeaseStore,
  schemaSql,
  sweep,
} from '../src/postgres.js';
import golden from './golden/layout-1-postgres.json' with { type: 'json' };
import { ownSchema, patience } from './postgres-fixtures.js';

const own = ownSchema();
const request = { key: 'k', owner: 'a.1', holdMs: 60_000 };
let schema: string;

beforeEach(() => {
  schema = randomPrefix();
  onTestFinished(async () => {
    await own.pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  });
});

/** Every call on a schema, by name. */
function calls(): [string, () => Promise<unknown>][] {
  const leases = postgresLeaseStore(own.pool, { schema, ...patience });
  const fences = postgresFenceStore(own.pool, { schema, ...patience });
  return [
    ['acquire', () => leases.acquire(request)],
    ['renew', () => leases.renew(request)],
    ['release', () => leases.release(request)],
    ['leave', () => leases.leave({ key: 'k', waiter: 'a' })],
    ['advance', () => fences.advance('k', 1)],
    ['highest', () => fences.highest('k')],
    ['sweep', () => sweep(own.pool, { schema, ...patience })],
  ];
}

async function failures(): Promise<unknown[]> {
  const settled = calls().map(([, call]) =>
    call().then(
      () => 'it worked',
      (error) => error,
    ),
  );
  return Promise.all(settled);
}

describe('9. PostgreSQL', () => {
  test('migrate may run any number of times, from any number of processes, for any namespaces', async () => {
    const { pool } = own;
    await Promise.all(
      Array.from({ length: 12 }, (_, i) => migrate(pool, { schema, namespace: `n${i % 4}` })),
    );
    await migrate(pool, { schema, namespace: 'n0' });
    const sequences = `SELECT sequencename FROM pg_sequences WHERE schemaname = $1 ORDER BY 1`;
    expect((await pool.query(sequences, [schema])).rows.map((row) => row.sequencename)).toEqual(
      ['n0', 'n1', 'n2', 'n3'].map((namespace) => `fenced_lock:${namespace}`),
    );
    const store = postgresLeaseStore(pool, { schema, namespace: 'n2', ...patience });
    expect(await store.acquire(request)).toMatchObject({ status: 'granted' });
  });

  test('of two that make one namespace at once, the second waits for the first', async () => {
    await migrate(own.pool, { schema });
    const [first, second] = [await own.connect(), await own.connect()];
    await first.query('BEGIN');
    await migrate(first, { schema, namespace: 'twice' });
    const migrating = migrate(second, { schema, namespace: 'twice' });
    await own.waiting(1);
    await first.query('COMMIT');
    await migrating;
    const store = postgresLeaseStore(own.pool, { schema, namespace: 'twice', ...patience });
    expect(await store.acquire(request)).toMatchObject({ status: 'granted' });
  });

  test('migrate leaves what is there as it is, and needs no right to create', async () => {
    await migrate(own.pool, { schema });
    const store = postgresLeaseStore(own.pool, { schema, ...patience });
    const granted = await store.acquire(request);
    const client = await own.connect();
    const role = `${schema}_role`;
    await client.query(`CREATE ROLE ${role}`);
    await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
    await client.query(`SET ROLE ${role}`);
    await migrate(client, { schema });
    await client.query('RESET ROLE');
    await client.query(`DROP OWNED BY ${role}`);
    await client.query(`DROP ROLE ${role}`);
    expect(await store.acquire(request)).toEqual(granted);
  });

  test('before migrate every call says so', async () => {
    for (const failure of await failures()) {
      expect(failure).toMatchObject({
        code: 'STORE_LAYOUT',
        message:
          `the layout of fenced-lock in the schema ${schema} is not there: ` +
          'run its migrate() first',
      });
    }
    const client = await own.connect();
    await client.query('BEGIN');
    const fencing = fenceInTransaction(client, 'k', 1, { schema });
    await expect(fencing).rejects.toMatchObject({
      code: 'STORE_LAYOUT',
      message:
        `fenceInTransaction: the schema ${schema} has no tables of layout 1: ` +
        'run migrate() first',
    });
    await client.query('ROLLBACK');
  });

  test('a schema that is gone later is missed, too', async () => {
    await migrate(own.pool, { schema });
    await postgresLeaseStore(own.pool, { schema, ...patience }).acquire(request);
    await own.pool.query(`DROP SCHEMA ${schema} CASCADE`);
    for (const failure of await failures()) {
      expect(failure).toMatchObject({ code: 'STORE_LAYOUT', cause: { effect: 'none' } });
      expect(String(failure)).toContain(`the schema ${schema} has no tables of layout 1`);
    }
  });

  test('a namespace that was not migrated is named, and nothing is granted in it', async () => {
    await migrate(own.pool, { schema });
    const store = postgresLeaseStore(own.pool, { schema, namespace: 'it"s', ...patience });
    await expect(store.acquire(request)).rejects.toMatchObject({
      code: 'STORE_LAYOUT',
      message:
        'postgresLeaseStore.acquire: the namespace "it\\"s" has no counter: ' +
        'run migrate(pool, { namespace: "it\\"s" }) first',
    });
    expect(await store.renew(request)).toBe('missing');
  });

  test('a newer layout is refused by every call and by migrate, and is left as it is', async () => {
    await migrate(own.pool, { schema });
    await own.pool.query(`UPDATE ${schema}.gabion_layouts SET version = 2`);
    const newer = {
      code: 'STORE_LAYOUT',
      message: `the layout of fenced-lock in the schema ${schema} is 2, newer than 1`,
    };
    for (const failure of await failures()) expect(failure).toMatchObject(newer);
    await expect(migrate(own.pool, { schema })).rejects.toMatchObject(newer);
    const { rows } = await own.pool.query(`SELECT name, version FROM ${schema}.gabion_layouts`);
    expect(rows).toEqual([{ name: 'fenced-lock', version: 2 }]);
  });

  test.each(['plain', 'it\'s "quoted"', 'back\\slash', '\u0000'])(
    'schemaSql does what migrate does, by a tool that runs SQL: namespace %j',
    async (namespace) => {
      await own.pool.query(schemaSql({ schema, namespace }));
      await own.pool.query(schemaSql({ schema, namespace }));
      await migrate(own.pool, { schema, namespace });
      const store = postgresLeaseStore(own.pool, { schema, namespace, ...patience });
      expect(await store.acquire(request)).toMatchObject({ status: 'granted' });
    },
  );

  test('the columns of layout 1 are what they were', async () => {
    await migrate(own.pool, { schema });
    const text = `SELECT table_name, column_name, data_type, is_nullable, collation_name
      FROM information_schema.columns WHERE table_schema = $1 AND table_name <> 'gabion_layouts'
      ORDER BY table_name, ordinal_position`;
    expect((await own.pool.query(text, [schema])).rows).toEqual(golden.columns);
    const functions = `SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ') '
      || pg_get_function_result(oid) AS signature
      FROM pg_proc WHERE pronamespace = $1::regnamespace ORDER BY 1`;
    const { rows } = await own.pool.query(functions, [schema]);
    expect(rows.map(({ signature }) => signature)).toEqual(golden.functions);
  });

  test.each(golden.records)(
    'rows of layout 1 are read as they were written: $what',
    async (record) => {
      await migrate(own.pool, { schema });
      const [table, ...values] = record.row;
      const columns = values.map((_, i) => `$${i + 1}`).join(', ');
      const text = `INSERT INTO ${schema}.${table} VALUES (${columns})`;
      await own.pool.query(text, values);
      const leases = postgresLeaseStore(own.pool, { schema, ...patience });
      const fences = postgresFenceStore(own.pool, { schema, ...patience });
      const key = record.key ?? '\u0000\\k';
      const claim = { key, owner: 'b.1', holdMs: 60_000 };
      if (record.reads === 'held') {
        expect(await leases.acquire(claim)).toMatchObject({ status: 'held' });
        expect(await leases.acquire({ ...claim, owner: 'a.1' })).toEqual({
          status: 'granted',
          fence: 9007199254740991,
        });
        expect(await leases.release({ key, owner: 'a.1' })).toBe('released');
        expect(await leases.acquire({ ...claim, waiter: 'b' })).toMatchObject({
          status: 'granted',
        });
      } else if (record.reads === 'offered') {
        expect(await leases.acquire(claim)).toMatchObject({ status: 'held' });
        expect(await leases.acquire({ ...claim, waiter: 'b' })).toMatchObject({
          status: 'granted',
        });
      } else expect(await fences.highest(key)).toBe(record.reads);
    },
  );
});

describe('arguments on PostgreSQL are checked before any I/O', () => {
  const never = {
    query() {
      throw new Error('it was asked');
    },
  };

  test.each([
    ['postgresLeaseStore', postgresLeaseStore],
    ['postgresFenceStore', postgresFenceStore],
  ] as const)('by %s', (fn, create) => {
    expect(() => create(undefined as never)).toThrow(`${fn}: pool must have query(text, values)`);
    expect(() => create({} as never)).toThrow(TypeError);
    for (const [name, wrong] of [
      ['namespace', { namespace: '' }],
      ['namespace', { namespace: 'a'.repeat(49) }],
      ['namespace', { namespace: '\ud800' }],
      ['schema', { schema: 'Upper' }],
      ['schema', { schema: 'pg_own' }],
      ['timeoutMs', { timeoutMs: 0 }],
      ['timeoutMs', { timeoutMs: 2 ** 31 }],
    ] as const) {
      expect(() => create(never, wrong)).toThrow(RangeError);
      expect(() => create(never, wrong)).toThrow(`${fn}: ${name} must`);
    }
    expect(() => create(never, { timeoutMs: '1' as never })).toThrow(TypeError);
    create(never, { namespace: 'a'.repeat(48), schema: 'a_1', timeoutMs: 1 });
  });

  test('by migrate, schemaSql and sweep', async () => {
    await expect(migrate(never, { schema: '' })).rejects.toThrow('migrate: schema must');
    await expect(migrate(never, { namespace: '' })).rejects.toThrow('migrate: namespace must');
    await expect(migrate(never, { timeoutMs: 0 })).rejects.toThrow('migrate: timeoutMs must');
    await expect(migrate({} as never)).rejects.toThrow('migrate: pool must');
    expect(() => schemaSql({ schema: 'a b' })).toThrow('schemaSql: schema must');
    expect(() => schemaSql({ namespace: '' })).toThrow('schemaSql: namespace must');
    await expect(sweep(never, { limit: 0 })).rejects.toThrow('sweep: limit must');
    await expect(sweep(never, { limit: 1.5 })).rejects.toThrow(RangeError);
    await expect(sweep(never, { schema: '' })).rejects.toThrow('sweep: schema must');
    await expect(sweep(never, { timeoutMs: -1 })).rejects.toThrow('sweep: timeoutMs must');
  });

  test('by fenceInTransaction, which takes no pool', async () => {
    const fn = 'fenceInTransaction';
    await expect(fenceInTransaction(own.pool, 'k', 1)).rejects.toThrow(
      `${fn}: client must be the connection of the open transaction, got a pool`,
    );
    await expect(fenceInTransaction(never, '', 1)).rejects.toThrow(`${fn}: name must`);
    await expect(fenceInTransaction(never, 'a'.repeat(1_025), 1)).rejects.toThrow(RangeError);
    await expect(fenceInTransaction(never, '\ud800', 1)).rejects.toThrow(`${fn}: name must`);
    await expect(fenceInTransaction(never, 'k', 0)).rejects.toThrow(`${fn}: fence must`);
    await expect(fenceInTransaction(never, 'k', 2 ** 53)).rejects.toThrow(RangeError);
    await expect(fenceInTransaction(never, 'k', '1' as never)).rejects.toThrow(TypeError);
    await expect(fenceInTransaction(never, 'k', 1, { schema: '' })).rejects.toThrow(
      `${fn}: schema`,
    );
  });

  test('an aborted signal ends a migration and a sweep with its reason', async () => {
    const reason = new Error('no longer wanted');
    const signal = AbortSignal.abort(reason);
    await expect(migrate(own.pool, { schema, signal })).rejects.toBe(reason);
    await migrate(own.pool, { schema });
    await expect(sweep(own.pool, { schema, signal })).rejects.toBe(reason);
  });
});
