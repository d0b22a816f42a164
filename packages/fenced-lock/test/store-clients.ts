import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { until } from '@gabion/testkit';
import { Redis as Redis6 } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { Pool } from 'pg';
import { createClient } from 'redis';
import type { PostgresPool } from '../src/postgres.js';
import { fromNodeRedis, type RedisClient, type RedisSubscriber } from '../src/redis.js';

/**
 * Lets time pass on a real server. A timer may fire a millisecond early, and Redis forgets a key
 * only in the millisecond after its last.
 */
export const realTime = (ms: number) => sleep(ms + 2);

/** A Redis client as a test holds it, and a second connection that can listen. */
export interface OpenedRedis {
  readonly redis: RedisClient;
  readonly subscriber: RedisSubscriber;
  close(): void;
}

type IoredisClass = new (url: string, options: { retryStrategy(): number }) => Redis6 | Redis5;

function openIoredis(Client: IoredisClass) {
  return async (url: string): Promise<OpenedRedis> => {
    const [redis, subscriber] = [1, 2].map(() => {
      const client = new Client(url, { retryStrategy: () => 20 });
      // Without a listener, each refused connection would be printed.
      client.on('error', () => {});
      return client;
    }) as [Redis6, Redis6];
    await until(() => redis.status === 'ready', { what: 'the client' });
    return {
      redis,
      subscriber,
      close() {
        for (const client of [redis, subscriber]) client.disconnect();
      },
    };
  };
}

async function openNodeRedis(url: string): Promise<OpenedRedis> {
  const [client, listener] = await Promise.all(
    [1, 2].map(async () => {
      const one = createClient({ url, socket: { reconnectStrategy: 20 } });
      one.on('error', () => {});
      await one.connect();
      return one;
    }),
  );
  if (client === undefined || listener === undefined) throw new Error('not connected');
  return {
    redis: fromNodeRedis(client),
    subscriber: fromNodeRedis(listener),
    close() {
      for (const one of [client, listener]) one.destroy();
    },
  };
}

/** Clients of each library that is supported. */
export const redisClients: readonly (readonly [
  name: string,
  open: (url: string) => Promise<OpenedRedis>,
])[] = [
  ['ioredis 6', openIoredis(Redis6)],
  ['ioredis 5', openIoredis(Redis5 as unknown as IoredisClass)],
  ['node-redis 6', openNodeRedis],
];

/** A PostgreSQL client as a test holds it. */
export interface OpenedPostgres {
  readonly pool: PostgresPool;
  close(): Promise<void>;
}

/** pg against a server, and PGlite, a PostgreSQL inside this process. */
export const postgresClients: readonly (readonly [
  name: string,
  open: (url: string) => OpenedPostgres,
])[] = [
  [
    'pg',
    (url) => {
      const pool = new Pool({ connectionString: url, max: 12 });
      pool.on('error', () => {});
      return { pool, close: () => pool.end() };
    },
  ],
  [
    'PGlite',
    () => {
      const lite = new PGlite();
      return { pool: lite, close: () => lite.close() };
    },
  ],
];
