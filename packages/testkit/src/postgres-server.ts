import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { findPostgresFolder } from './binaries.js';
import { missing } from './missing.js';
import { type Server, startServer } from './server.js';
import { unprivileged } from './unprivileged.js';

const host = '127.0.0.1';
const user = 'gabion';
const database = 'gabion';

/** Settings of a server that lives for minutes and whose machine may crash with it. */
const settings = {
  listen_addresses: host,
  // A socket's path in a deep temporary folder can be longer than systems allow.
  unix_socket_directories: '',
  // A killed process loses nothing without these: the pages are in the system's cache. It would
  // with synchronous_commit off, so that one stays.
  fsync: 'off',
  full_page_writes: 'off',
  // In the folder, and not in /dev/shm where a killed server would leave it.
  dynamic_shared_memory_type: 'mmap',
};

/** The environment without what would steer PostgreSQL elsewhere, and with English messages. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

async function ask(port: number, name: string, sql: string): Promise<unknown> {
  const client = new Client({
    ...{ host, port, user, database: name, password: '', ssl: false },
    ...{ connectionTimeoutMillis: 2_000, query_timeout: 10_000 },
  });
  // A server that is killed while it is asked says so on the idle connection, too.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether the server of this folder answers; makes the database when it is new. */
async function serves(dir: string, port: number): Promise<boolean> {
  const data = join(dir, 'data');
  if ((await ask(port, 'postgres', 'show data_directory')) !== data) return false;
  const found = `select count(*)::int from pg_database where datname = '${database}'`;
  if ((await ask(port, 'postgres', found)) === 0) {
    await ask(port, 'postgres', `create database ${database}`);
  }
  return true;
}

/**
 * Starts a PostgreSQL on 127.0.0.1, open to everyone on this machine, and resolves when it
 * answers. It needs the binaries of this machine and ends with this process, however that ends.
 * Started by root, it runs as an unprivileged user, for PostgreSQL refuses to run as root.
 *
 * @throws Error when there is no PostgreSQL, or it does not start; its log is quoted.
 */
export async function startPostgres(): Promise<Server> {
  const folder = findPostgresFolder();
  if (folder === undefined) throw missing('PostgreSQL');
  const owner = unprivileged();
  const common = { owner, env: environment() };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return startServer({
    name: 'postgres',
    // The temporary folder of root may be closed to others.
    ...(owner && { parent: '/tmp' }),
    quit: 'SIGINT',
    url: (port) => `postgres://${user}@${host}:${port}/${database}`,
    async prepare(dir, run) {
      if (owner) chownSync(dir, owner.uid, owner.gid);
      const flags = ['--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
      const args = ['-D', join(dir, 'data'), '-U', user, ...flags];
      await run({ file: join(folder, 'initdb'), args, cwd: dir, ...common });
    },
    command: (dir, port) => ({
      file: join(folder, 'postgres'),
      args: ['-D', join(dir, 'data'), '-p', String(port), ...given],
      cwd: dir,
      ...common,
    }),
    ready: ({ dir, port }) => serves(dir, port),
  });
}
