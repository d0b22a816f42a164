import { Redis } from 'ioredis';
import { findRedisServer } from './binaries.js';
import { missing } from './missing.js';
import { type Server, startServer } from './server.js';

/** What {@link startRedis} may be told. */
export interface RedisOptions {
  /** Further arguments of redis-server, such as `['--appendonly', 'yes']`; they win. */
  readonly args?: readonly string[];
  /** One node of a cluster that owns all 16384 slots, so that CROSSSLOT is enforced. */
  readonly cluster?: boolean;
  /** The port. @defaultValue a free one */
  readonly port?: number;
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
 * A cluster takes about two seconds more: a master waits that long before it serves.
 *
 * @throws Error when there is no `redis-server`, or it does not start; its log is quoted.
 */
export async function startRedis(options: RedisOptions = {}): Promise<Server> {
  const { args = [], cluster = false, port } = options;
  const file = findRedisServer();
  if (file === undefined) throw missing('Redis');
  const inCluster = ['--cluster-enabled', 'yes', '--cluster-announce-ip', host];
  return startServer({
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
        ...(cluster ? inCluster : []),
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
}
