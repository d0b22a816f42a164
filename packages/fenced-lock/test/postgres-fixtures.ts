import { type PostgresForTests, postgresForTests, until } from '@gabion/testkit';
import { Client, type Pool } from 'pg';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';
import { migrate, type PostgresLeaseStoreOptions, postgresLeaseStore } from '../src/postgres.js';
import type { LeaseStore } from '../src/store.js';

/** What no test waits for. */
export const patience = { timeoutMs: 20_000 };
const hourMs = 3_600_000;

/** A schema of this file's own, and what its tests do there. */
export interface OwnSchema {
  readonly schema: string;
  readonly pool: Pool;
  /** A store of a namespace that no other test uses, and its counter. */
  newStore(options?: PostgresLeaseStoreOptions): Promise<OwnStore>;
  /** The lease rows of a namespace. */
  rows(namespace: string): Promise<LeaseRow[]>;
  /** A connection of its own. */
  connect(): Promise<Client>;
  /** Resolves when so many sessions of this test wait for an advisory lock or a row. */
  waiting(count: number): Promise<unknown>;
}

/** A lease as it lies in the table. */
export interface LeaseRow {
  readonly namespace: string;
  readonly key: string;
  readonly owner: string;
  readonly fence: string;
  readonly until: Date;
  readonly line: string[];
}

/** A store of one test. */
export interface OwnStore {
  readonly store: LeaseStore;
  readonly namespace: string;
  /** The sequence, quoted, with its schema. */
  readonly counter: string;
  /** Takes a free lock, and resolves with its fence. */
  take(key?: string, floor?: number): Promise<number>;
  setCounter(value: number | bigint): Promise<unknown>;
  /** The last fence that the sequence has handed out, or moved to. */
  lastValue(): Promise<number>;
}

/** Makes the schema before the file's tests and drops it after all. */
export function ownSchema(): OwnSchema {
  let shared: PostgresForTests;
  let stores = 0;
  beforeAll(async () => {
    shared = postgresForTests(inject('postgresUrl'), { max: 12, application_name: 'fenced' });
    await migrate(shared.pool, { schema: shared.schema });
  });
  afterAll(() => shared.cleanup());
  return {
    get schema() {
      return shared.schema;
    },
    get pool() {
      return shared.pool;
    },
    async newStore(options = {}) {
      stores += 1;
      const { pool, schema } = shared;
      const namespace = options.namespace ?? `n${stores}`;
      await migrate(pool, { schema, namespace });
      return storeOf(pool, { ...patience, ...options, schema, namespace });
    },
    async rows(namespace) {
      const text = `SELECT * FROM ${shared.schema}.fenced_lock_lease WHERE namespace = $1`;
      return (await shared.pool.query<LeaseRow>(text, [namespace])).rows;
    },
    async connect() {
      const client = new Client({
        connectionString: inject('postgresUrl'),
        application_name: `fenced ${shared.schema}`,
      });
      client.on('error', () => {});
      await client.connect();
      onTestFinished(() => client.end());
      return client;
    },
    waiting(count) {
      const text = `SELECT count(*)::int AS count FROM pg_stat_activity
        WHERE application_name = $1 AND wait_event_type = 'Lock'`;
      return until(async () => {
        const { rows } = await shared.pool.query(text, [`fenced ${shared.schema}`]);
        return rows[0].count === count;
      });
    },
  };
}

function storeOf(pool: Pool, options: PostgresLeaseStoreOptions): OwnStore {
  const { schema, namespace = '' } = options;
  const store = postgresLeaseStore(pool, options);
  const counter = `${schema}."fenced_lock:${namespace}"`;
  let keys = 0;
  return {
    store,
    namespace,
    counter,
    async take(key, floor) {
      keys += 1;
      const request = { key: key ?? `key ${keys}`, owner: `owner-${keys}`, holdMs: hourMs, floor };
      const answer = await store.acquire(request);
      if (answer.status !== 'granted') throw new Error(`${request.key} is held`);
      return answer.fence;
    },
    setCounter: (value) => pool.query('SELECT setval($1::regclass, $2)', [counter, String(value)]),
    async lastValue() {
      const { rows } = await pool.query(`SELECT last_value FROM ${counter}`);
      return Number(rows[0].last_value);
    },
  };
}
