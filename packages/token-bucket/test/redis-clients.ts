import { until } from '@gabion/testkit';
import { Redis as Redis6 } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { createClient } from 'redis';
import { fromNodeRedis, type RedisClient } from '../src/redis.js';

/** A client as a test holds it. */
export interface Opened {
  readonly redis: RedisClient;
  close(): void;
}

/** Opens a client that tries again every 20 ms, and waits until it can write. */
export type Open = (url: string) => Promise<Opened>;

async function ready(opened: Opened): Promise<Opened> {
  await until(() => opened.redis.status === 'ready', { what: 'the client' });
  return opened;
}

/** Clients of each library that is supported. */
export const clients: readonly (readonly [name: string, open: Open])[] = [
  [
    'ioredis 6',
    (url) => {
      const redis = new Redis6(url, { retryStrategy: () => 20 });
      // Without a listener, each refused connection would be printed.
      redis.on('error', () => {});
      return ready({ redis, close: () => redis.disconnect() });
    },
  ],
  [
    'ioredis 5',
    (url) => {
      const redis = new Redis5(url, { retryStrategy: () => 20 });
      redis.on('error', () => {});
      return ready({ redis, close: () => redis.disconnect() });
    },
  ],
  [
    'node-redis 6',
    (url) => {
      const client = createClient({ url, socket: { reconnectStrategy: 20 } });
      client.on('error', () => {});
      // It rejects when the test closes the client before it has connected.
      client.connect().catch(() => {});
      return ready({ redis: fromNodeRedis(client), close: () => client.destroy() });
    },
  ],
];
