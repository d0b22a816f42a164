import { chownSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { findPgBouncer } from './binaries.js';
import type { ProxyTarget } from './fault-proxy.js';
import { missing } from './missing.js';
import { type Server, startServer } from './server.js';
import { unprivileged } from './unprivileged.js';

/** What {@link startPgBouncer} may be told. */
export interface PgBouncerOptions {
  /**
   * How many connections to PostgreSQL all clients share.
   * @defaultValue 2: few, so that statements of one client do meet different sessions
   */
  readonly poolSize?: number;
}

const host = '127.0.0.1';
const database = 'gabion';

/** Its settings: every transaction may get another connection, and none is cleaned in between. */
function settings(dir: string, port: number, { poolSize = 2 }: PgBouncerOptions) {
  return {
    listen_addr: host,
    listen_port: port,
    unix_socket_dir: '',
    pidfile: pidFile(dir),
    auth_type: 'any',
    pool_mode: 'transaction',
    default_pool_size: poolSize,
    max_client_conn: 500,
    // So that a server that is back is noticed at once.
    server_login_retry: 1,
  };
}

function pidFile(dir: string): string {
  return join(dir, 'pgbouncer.pid');
}

function writeSettings(dir: string, port: number, options: PgBouncerOptions, server: ProxyTarget) {
  const upstream = `host=${server.host ?? host} port=${server.port} dbname=${database} user=gabion`;
  const lines = Object.entries(settings(dir, port, options)).map(
    ([key, value]) => `${key} = ${value}`,
  );
  const text = ['[databases]', `${database} = ${upstream}`, '[pgbouncer]', ...lines, ''].join('\n');
  const file = join(dir, 'pgbouncer.ini');
  writeFileSync(file, text);
  return file;
}

/** Whether its console answers; PostgreSQL itself may be down. */
async function answers(port: number): Promise<boolean> {
  const client = new Client({
    ...{ host, port, user: 'gabion', database: 'pgbouncer', password: '', ssl: false },
    ...{ connectionTimeoutMillis: 2_000, query_timeout: 10_000 },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('SHOW VERSION');
    return rows.length === 1;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Starts a PgBouncer that pools the transactions of a PostgreSQL of `startPostgres()`, or of a
 * proxy in front of one. It needs the `pgbouncer` of this machine, and ends with this process.
 * Started by root, it runs as an unprivileged user, for it refuses to run as root.
 *
 * @throws Error when there is no PgBouncer, or it does not start; its log is quoted.
 */
export async function startPgBouncer(
  postgres: ProxyTarget,
  options: PgBouncerOptions = {},
): Promise<Server> {
  const file = findPgBouncer();
  if (file === undefined) throw missing('PgBouncer');
  const owner = unprivileged();
  return startServer({
    name: 'pgbouncer',
    // The temporary folder of root may be closed to others.
    ...(owner && { parent: '/tmp' }),
    // An end at once in every version; from 1.23 on, SIGTERM waits for the clients to go.
    quit: 'SIGQUIT',
    url: (port) => `postgres://gabion@${host}:${port}/${database}`,
    async prepare(dir) {
      if (owner) chownSync(dir, owner.uid, owner.gid);
    },
    command(dir, port) {
      // One that was killed leaves its file, and the next would take it for a live one's.
      rmSync(pidFile(dir), { force: true });
      const args = [writeSettings(dir, port, options, postgres)];
      return { file, args, cwd: dir, owner };
    },
    // Another process may have taken the port; only ours writes this file.
    ready: async ({ dir, port, pid }) =>
      Number(readFileSync(pidFile(dir), 'utf8')) === pid && (await answers(port)),
  });
}
