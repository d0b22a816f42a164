import { randomPrefix, type Server, startFaultProxy, startPgBouncer, until } from '@gabion/testkit';
import { ownPostgres } from '@gabion/testkit/own-postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  defineStatement,
  defineSweep,
  migrate,
  type PostgresStatement,
  requireLayout,
} from '../src/index.js';
import { openPool, queryOnly } from './clients.js';
import { failureOf, newCounter } from './statements.js';

const own = ownPostgres();
const inTime = { timeoutMs: 20_000 };
/** It pools transactions over two sessions. */
let bouncer: Server;
let schema: string;
let increment: PostgresStatement;
let count: () => Promise<unknown>;

beforeEach(async () => {
  schema = randomPrefix();
  ({ increment, count } = await newCounter(own.direct, schema));
  bouncer = await startPgBouncer(own.proxy);
});
afterEach(() => bouncer.stop());

describe('through a proxy that pools transactions', () => {
  test('statements of many clients get their own rows, whichever session carries them', async () => {
    const pools = [1, 2, 3].map(() => openPool(bouncer.url));
    const echo = defineStatement({ name: 'echo', text: 'SELECT $1::int AS n' });
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    const rows = await Promise.all(
      numbers.map((n) => echo.run(pools[n % 3]!, { ...inTime, values: [n] })),
    );
    expect(rows).toEqual(numbers.map((n) => [{ n }]));
  });

  test('any number may migrate at once, and then sweep', async () => {
    const pools = Array.from({ length: 6 }, () => openPool(bouncer.url));
    const table = `${schema}.records`;
    const steps = [
      [`CREATE TABLE ${table} (n int)`],
      [`INSERT INTO ${table} SELECT generate_series(1, 30)`],
    ];
    await Promise.all(pools.map((pool) => migrate(pool, { schema, name: 'records', steps })));
    await requireLayout(pools[0]!, { schema, name: 'records', version: 2, ...inTime });
    const sweep = defineSweep({ name: 'sweep', table, where: 'n <= 28' });
    const runs = pools.map((pool) => sweep.run(pool, { limit: 5, ...inTime }));
    for (const swept of await Promise.all(runs)) expect(swept).toBeLessThanOrEqual(5);
    // Each passed over what another held; now no one does.
    await sweep.run(pools[0]!, { limit: 100, ...inTime });
    expect((await own.direct.query(`SELECT n FROM ${table} ORDER BY n`)).rows).toEqual([
      { n: 29 },
      { n: 30 },
    ]);
  });

  test('what the server refuses has no effect', async () => {
    const wrong = defineStatement({ name: 'wrong', text: 'SELECT 1 / 0' });
    const failure = await failureOf(wrong.run(openPool(bouncer.url), inTime));
    expect(failure).toMatchObject({ effect: 'none', cause: { code: '22012' } });
  });

  test('the effect is unknown when the proxy loses the server, for it may have been taken', async () => {
    for (const pool of [openPool(bouncer.url), queryOnly(openPool(bouncer.url))]) {
      await until(() => increment.run(pool, inTime));
      const before = Number(await count());
      own.proxy.dropReplies();
      const failing = failureOf(increment.run(pool, inTime));
      await until(async () => (await count()) === before + 1);
      own.proxy.heal();
      // PgBouncer says that of everything, with a code for protocol violations.
      expect(await failing).toMatchObject({ effect: 'unknown', cause: { code: '08P01' } });
    }
  });

  test('the effect is unknown when the proxy is killed, and none while it is gone', async () => {
    await using front = await startFaultProxy(bouncer);
    const pool = openPool(front.rewrite(bouncer.url), { max: 1 });
    await increment.run(pool, inTime);
    front.dropReplies();
    const failing = failureOf(increment.run(pool, inTime));
    await until(async () => (await count()) === 2);
    await bouncer.kill();
    front.cut();
    expect((await failing).effect).toBe('unknown');
    front.heal();
    await until(async () => (await failureOf(increment.run(pool, inTime))).effect === 'none');
    await bouncer.restart();
    await increment.run(pool, inTime);
    expect(await count()).toBe(3);
  });

  test('the effect is unknown when no session is free in time, for one may be so too late', async () => {
    const busy = await Promise.all([1, 2].map(() => openPool(bouncer.url).connect()));
    await Promise.all(busy.map((client) => client.query('BEGIN')));
    const failure = await failureOf(increment.run(openPool(bouncer.url), { timeoutMs: 150 }));
    expect(failure.effect).toBe('unknown');
    await Promise.all(busy.map((client) => client.query('ROLLBACK')));
    for (const client of busy) client.release();
  });
});
