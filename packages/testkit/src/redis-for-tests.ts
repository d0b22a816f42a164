import { once } from 'node:events';
import { Redis, type RedisOptions } from 'ioredis';
import { randomPrefix } from './prefix.js';
import type {} from './provided.js';

/** A connection to a shared server, and the keys that one test may touch there. */
export interface RedisForTests extends AsyncDisposable {
  /** The connection, closed by the clean-up. */
  readonly redis: Redis;
  /** What every key of the test begins with. */
  readonly prefix: string;
  /** The keys under the prefix, sorted. */
  keys(): Promise<string[]>;
  /** Deletes the keys under the prefix, and no others, then closes the connection. */
  cleanup(): Promise<void>;
}

const batch = 500;

async function* scan(redis: Redis, prefix: string): AsyncGenerator<string[]> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', batch);
    cursor = next;
    yield keys;
  } while (cursor !== '0');
}

/**
 * Connects to the Redis at `url`, mostly `inject('redisUrl')`, which may be anyone's: a test
 * writes under the prefix only, and cleans up what it wrote.
 */
export function redisForTests(url: string, options: RedisOptions = {}): RedisForTests {
  const redis = new Redis(url, options);
  const prefix = randomPrefix();
  let cleaning: Promise<void> | undefined;
  const clean = async () => {
    for await (const keys of scan(redis, prefix)) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
    const ended = once(redis, 'end');
    redis.disconnect();
    await ended;
  };
  const connected: RedisForTests = {
    redis,
    prefix,
    async keys() {
      // SCAN may return a key twice.
      const found = new Set<string>();
      for await (const keys of scan(redis, prefix)) for (const key of keys) found.add(key);
      return [...found].sort();
    },
    cleanup: () => (cleaning ??= clean()),
    [Symbol.asyncDispose]: () => connected.cleanup(),
  };
  return connected;
}
