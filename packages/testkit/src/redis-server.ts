import { Redis } from 'ioredis';
import { findRedisServer } from './binaries.js';
import type { ProxyTarget } from './fault-proxy.js';
import { missing } from './missing.js';
import { type Server, startServer } from './server.js';
import { until } from './until.js';

/** What {@link startRedis} may be told. */
export interface RedisOptions {
  /** Further arguments of redis-server, such as `['--appendonly', 'yes']`; they win. */
  readonly args?: readonly string[];
  /** One node of a cluster that owns all 16384 slots, so that CROSSSLOT is enforced. */
  readonly cluster?: boolean;
  /** The port. @defaultValue a free one */
  readonly port?: number;
  /**
   * The master that it is a replica of, or a proxy in front of it: one that stalls makes a replica
   * that lags. @defaultValue none
   */
  readonly replicaOf?: ProxyTarget;
  /** How long a replica may take to get in step. @defaultValue 30 000 */
  readonly inStepWithinMs?: number;
}

/** A Redis of this run's own. */
export interface RedisServer extends Server {
  /**
   * Makes a replica a master, with what it has got so far; resolves when it takes writes. It
   * knows nothing of its old master then, until `restart()` makes it a replica again.
   */
  promote(): Promise<void>;
}

const host = '127.0.0.1';
/** A cluster node listens on its bus, too. */
const busOffset = 10_000;
const slots = Array.from({ length: 16_384 }, (_, slot) => slot);

async function ask<T>(port: number, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({
    host,
    port,
    lazyConnect: true,
    connectTimeout: 1_000,
    commandTimeout: 2_000,
    retryStrategy: () => null,
  });
  // Without a listener, each refused connection would be printed.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

/** Whether it has everything that its master had when it was started. */
async function inStep(redis: Redis): Promise<boolean> {
  return /master_link_status:up\r/.test(await redis.info('replication'));
}

async function promote(redis: Redis): Promise<boolean> {
  await redis.replicaof('NO', 'ONE');
  return /role:master\r/.test(await redis.info('replication'));
}

/** Whether every slot is served; gives them all to this node when it is new. */
async function clusterServes(redis: Redis): Promise<boolean> {
  const info = await redis.cluster('INFO');
  if (/cluster_slots_assigned:0\r/.test(info)) await redis.cluster('ADDSLOTS', ...slots);
  return /cluster_state:ok/.test(info);
}

/**
 * Starts a Redis on 127.0.0.1 without persistence, and resolves when it answers PING. It needs
 * the `redis-server` of this machine and ends with this process, however that ends.
 *
 * A cluster takes about two seconds more: a master waits that long before it serves. A replica
 * is ready when it has got everything that its master has.
 *
 * @throws Error when there is no `redis-server`, or it does not start; its log is quoted.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const { args = [], cluster = false, port, replicaOf, inStepWithinMs = 30_000 } = options;
  const file = findRedisServer();
  if (file === undefined) throw missing('Redis');
  const inCluster = ['--cluster-enabled', 'yes', '--cluster-announce-ip', host];
  const server = await startServer({
    name: 'redis',
    port,
    offsets: cluster ? [busOffset] : [],
    quit: 'SIGTERM',
    url: (at) => `redis://${host}:${at}`,
    command: (dir, at) => ({
      file,
      cwd: dir,
      args: [
        ...['--bind', host, '--port', String(at), '--dir', dir],
        ...['--save', '', '--appendonly', 'no'],
        // Replicas would wait five seconds for others to be served with them.
        ...['--repl-diskless-sync-delay', '0'],
        ...(cluster ? inCluster : []),
        ...(replicaOf ? ['--replicaof', replicaOf.host ?? host, String(replicaOf.port)] : []),
        ...args,
      ],
    }),
    ready: ({ port: at, pid }) =>
      ask(at, async (redis) => {
        if ((await redis.ping()) !== 'PONG') return false;
        const ours = (await redis.info('server')).includes(`process_id:${pid}\r`);
        return ours && (!cluster || (await clusterServes(redis)));
      }),
  });
  const { port: at } = server;
  try {
    const patience = { timeoutMs: inStepWithinMs, what: 'a replica in step' };
    if (replicaOf) await until(() => ask(at, inStep), patience);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return Object.assign(server, {
    promote: () => until(() => ask(at, promote), { what: 'the promotion' }).then(() => undefined),
  });
}
