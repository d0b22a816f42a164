import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { familyOf, isRunning } from '../src/ending.mjs';
import { startPostgres } from '../src/postgres-server.js';
import type { Server } from '../src/server.js';

let server: Server;

beforeEach(async () => {
  server = await startPostgres();
});

afterEach(() => server.stop());

async function ask(sql: string): Promise<unknown> {
  const client = new Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** The ids of the System V segments that exist, where the system shows them as files. */
function sharedMemory(): string[] {
  const table = '/proc/sysvipc/shm';
  if (!existsSync(table)) return [];
  const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => row.trim().split(/\s+/)[1]!);
}

describe('a PostgreSQL of our own', () => {
  test('answers a query as soon as it is started, in a database of its own', async () => {
    expect(await ask('select 6 * 7')).toBe(42);
    expect(await ask('select current_database()')).toBe('gabion');
    expect(await ask('show listen_addresses')).toBe('127.0.0.1');
    expect(await ask('show unix_socket_directories')).toBe('');
    expect(await ask('show dynamic_shared_memory_type')).toBe('mmap');
  });

  test('keeps what was committed through kill -9', async () => {
    await ask('create table kept as select 1 as one');
    const { pid, url } = server;
    await server.kill();
    await expect(ask('select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(server.url).toBe(url);
    expect(await ask('select one from kept')).toBe(1);
  });

  test('is restarted in good order while a client is connected', async () => {
    const client = new Client({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    await server.restart();
    expect(await ask('select 1')).toBe(1);
    await client.end().catch(() => undefined);
  });

  test('paused answers nothing on open connections either, and goes on when resumed', async () => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    server.pause();
    let answered = false;
    const answer = client.query('select 1 as one').finally(() => {
      answered = true;
    });
    const late = new Client({ connectionString: server.url, connectionTimeoutMillis: 200 });
    await expect(late.connect()).rejects.toThrow('timeout');
    expect(answered).toBe(false);
    server.resume();
    expect((await answer).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  test('is gone with its processes, its folder and its shared memory when stopped', async () => {
    const family = familyOf(server.pid);
    const [, id] = readFileSync(join(server.dir, 'data', 'postmaster.pid'), 'utf8')
      .split('\n')[6]!
      .trim()
      .split(/\s+/);
    await server.stop();
    expect(family.filter(isRunning)).toEqual([]);
    expect(existsSync(server.dir)).toBe(false);
    expect(sharedMemory()).not.toContain(id);
  });
});
