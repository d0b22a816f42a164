import { existsSync } from 'node:fs';
import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isRunning } from '../src/ending.mjs';
import { startPgBouncer } from '../src/pgbouncer-server.js';
import { startPostgres } from '../src/postgres-server.js';
import type { Server } from '../src/server.js';
import { until } from '../src/until.js';

let postgres: Server;
let bouncer: Server;

beforeAll(async () => {
  postgres = await startPostgres();
});
beforeEach(async () => {
  bouncer = await startPgBouncer(postgres);
});
afterEach(() => bouncer.stop());
afterAll(() => postgres.stop());

async function open(url = bouncer.url): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function ask(client: Client, sql: string): Promise<unknown> {
  const { rows } = await client.query({ text: sql, rowMode: 'array' });
  return rows[0]?.[0];
}

describe('a PgBouncer of our own', () => {
  test('lets many clients share few sessions, which is what pooling of transactions is', async () => {
    const pool = new Pool({ connectionString: bouncer.url, max: 20 });
    const sleep = 'SELECT pg_backend_pid() AS pid, pg_sleep(0.01)';
    const replies = await Promise.all(Array.from({ length: 20 }, () => pool.query(sleep)));
    expect(new Set(replies.map(({ rows }) => rows[0].pid)).size).toBe(2);
    await pool.end();
  });

  test('keeps a client in one session during a transaction, and not between two', async () => {
    await using single = await startPgBouncer(postgres, { poolSize: 1 });
    const [first, second] = [await open(single.url), await open(single.url)];
    await first.query("SET application_name = 'first'");
    await first.query("SELECT set_config('gabion.state', 'left by the first', false)");
    // What one client leaves in the session, another finds there.
    expect(await ask(second, "SELECT current_setting('gabion.state', true)")).toBe(
      'left by the first',
    );
    await first.query('BEGIN');
    const waiting = ask(second, 'SELECT 2');
    expect(await ask(first, 'SELECT 1')).toBe(1);
    await first.query('COMMIT');
    expect(await waiting).toBe(2);
    await Promise.all([first.end(), second.end()]);
  });

  test('loses connections by kill -9, and serves on the same port after a restart', async () => {
    const client = await open();
    const { pid, url } = bouncer;
    const broken = ask(client, 'SELECT pg_sleep(10)');
    await Promise.all([expect(broken).rejects.toThrow(), bouncer.kill()]);
    await bouncer.restart();
    expect(bouncer.pid).not.toBe(pid);
    const again = await open(url);
    expect(await ask(again, 'SELECT 1')).toBe(1);
    await again.end();
  });

  test('is restarted while a client is connected', async () => {
    const client = await open();
    await bouncer.restart();
    const again = await open();
    expect(await ask(again, 'SELECT 1')).toBe(1);
    await again.end();
    await client.end().catch(() => undefined);
  });

  test('serves again when its PostgreSQL is back', async () => {
    const client = await open();
    expect(await ask(client, 'SELECT 1')).toBe(1);
    await postgres.kill();
    await postgres.restart();
    // Whoever asks while it starts is refused by it, and so by PgBouncer.
    await until(async () => {
      const again = await open();
      return ask(again, 'SELECT 1').finally(() => again.end());
    });
    await client.end().catch(() => undefined);
  });

  test('paused answers nothing until it is resumed', async () => {
    const client = await open();
    bouncer.pause();
    const late = new Client({ connectionString: bouncer.url, connectionTimeoutMillis: 200 });
    await expect(late.connect()).rejects.toThrow('timeout');
    const answer = ask(client, 'SELECT 1');
    bouncer.resume();
    expect(await answer).toBe(1);
    await client.end();
  });

  test('is gone with its folder when it is stopped', async () => {
    const { pid, dir } = bouncer;
    await bouncer.stop();
    expect([isRunning(pid), existsSync(dir)]).toEqual([false, false]);
  });
});
