import type { EventEmitter } from 'node:events';
import { until } from '@gabion/testkit';
import { Redis as Redis6 } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { createClient, RESP_TYPES } from 'redis';
import { onTestFinished } from 'vitest';
import { fromNodeRedis, type RedisClient } from '../src/index.js';

/** A client as a test holds it; it is closed when the test ends. */
export interface Opened {
  /** What scripts are run on. */
  readonly redis: RedisClient;
  /** Where its events come from. */
  readonly emitter: EventEmitter;
  /** Closes it for good. */
  close(): void;
}

/** How a client is opened. */
export interface OpenOptions {
  /** False: the client keeps no commands for later. */
  readonly offlineQueue?: boolean;
  /** True: ioredis connects for its first command only. */
  readonly lazy?: boolean;
  /** True from when on the client no longer tries to connect. */
  givesUp?(): boolean;
}

/** Opens a client that tries again every 20 ms. */
export type Open = (url: string, options?: OpenOptions) => Opened;

/** The options that both versions of ioredis know. */
interface IoredisOptions {
  retryStrategy(): number | null;
  enableOfflineQueue: boolean;
  lazyConnect: boolean;
}

function openIoredis(connect: (url: string, options: IoredisOptions) => Redis6 | Redis5) {
  return (url: string, options: OpenOptions = {}): Opened => {
    const { offlineQueue = true, lazy = false, givesUp = () => false } = options;
    const redis = connect(url, {
      retryStrategy: () => (givesUp() ? null : 20),
      enableOfflineQueue: offlineQueue,
      lazyConnect: lazy,
    });
    return closedAtTheEnd({ redis, emitter: redis, close: () => redis.disconnect() });
  };
}

function openNodeRedis(commandOptions?: { typeMapping: object }) {
  return (
    url: string,
    { offlineQueue = true, givesUp = () => false }: OpenOptions = {},
  ): Opened => {
    const client = createClient({
      url,
      disableOfflineQueue: !offlineQueue,
      socket: { reconnectStrategy: () => (givesUp() ? false : 20) },
      ...(commandOptions && { commandOptions }),
    });
    const emitter = client as unknown as EventEmitter;
    // It resolves once the server answers, and rejects when the test closes the client before.
    client.connect().catch(() => {});
    const close = () => client.isOpen && client.destroy();
    return closedAtTheEnd({ redis: fromNodeRedis(client), emitter, close });
  };
}

function closedAtTheEnd(opened: Opened): Opened {
  // Without a listener, each refused connection would be printed or thrown.
  opened.emitter.on('error', () => {});
  onTestFinished(() => opened.close());
  return opened;
}

/** Clients of ioredis, in each version that is supported. */
export const ioredis: readonly (readonly [name: string, open: Open])[] = [
  ['ioredis 6', openIoredis((...call) => new Redis6(...call))],
  ['ioredis 5', openIoredis((...call) => new Redis5(...call))],
];

/** Clients of each library that is supported. */
export const clients = [...ioredis, ['node-redis 6', openNodeRedis()] as const];

/** And one whose user has replies mapped to buffers. */
export const mapping = [
  'node-redis 6 with replies mapped to buffers',
  openNodeRedis({ typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } }),
] as const;

/** Opens a client and waits until it can write. */
export async function openReady(open: Open, url: string, options?: OpenOptions): Promise<Opened> {
  const opened = open(url, options);
  await until(() => opened.redis.status === 'ready', { what: `a client of ${url}` });
  return opened;
}

/** The same client, and the names of the commands that it is handed. */
export function recording(redis: RedisClient): { redis: RedisClient; calls: string[] } {
  const calls: string[] = [];
  const recorder: RedisClient = {
    get status() {
      return redis.status;
    },
    options: redis.options ?? {},
    evalsha(...call) {
      calls.push('evalsha');
      return redis.evalsha(...call);
    },
    eval(...call) {
      calls.push('eval');
      return redis.eval(...call);
    },
    on: (event, listener) => redis.on(event, listener),
    off: (event, listener) => redis.off(event, listener),
  };
  return { redis: recorder, calls };
}
