import { Redis } from 'ioredis';

/** A connection for the length of the tour. */
export interface OpenRedis {
  readonly redis: Redis;
  /** Where it is, without the user and the password that the URL may hold. */
  readonly place: string;
  close(): void;
}

const connectTimeoutMs = 3_000;

/** Connects to the Redis of `REDIS_URL`; without one there is none, and stops run in memory. */
export async function openRedis(url: string | undefined): Promise<OpenRedis | undefined> {
  if (!url) return undefined;
  const place = URL.canParse(url) ? new URL(url).host : 'that place';
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    // A tour is over sooner than a server is back: what fails, fails at once.
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The event knows why; the command that fails only knows that the connection is closed.
  let why: unknown;
  redis.on('error', (error) => {
    why = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    throw new Error(`REDIS_URL is set, but no Redis answers at ${place}`, { cause: why ?? error });
  }
  return { redis, place, close: () => redis.disconnect() };
}
