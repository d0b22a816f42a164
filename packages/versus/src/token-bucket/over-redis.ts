import { createTokenBucket } from '@gabion/token-bucket';
import { fromNodeRedis, type RedisClient, redisBucketStore } from '@gabion/token-bucket/redis';
import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { createClient } from 'redis';

/** A candidate that decides in Redis. */
export interface RemoteCandidate {
  /** What it is called. */
  readonly name: string;
  /** Decides once. */
  take(key: string): Promise<unknown>;
  /** Where it keeps the key's state, where it keeps any. */
  stored?(key: string): string;
}

/** So many tokens, so slowly made good, that every take is allowed and every state is kept. */
const capacity = 1_000_000_000;
const windowMs = 3_600_000;

const keyPrefix = 'versus';

/** Where ours keeps a key; the floors ask for the same texts. */
const ourKey = (key: string) => `${keyPrefix}:api:{${key}}:api`;

const floorLua = 'return 1';

function gabion(redis: RedisClient): RemoteCandidate {
  // A machine that stands still for a moment must not end the run.
  const patientMs = 10_000;
  const bucket = createTokenBucket({
    name: 'api',
    capacity,
    refill: { tokens: 1, everyMs: 1_000 },
    store: redisBucketStore(redis, { keyPrefix, timeoutMs: patientMs }),
    deadlineMs: patientMs,
  });
  return { name: 'gabion take', take: (key) => bucket.take(key), stored: ourKey };
}

function rateLimiterFlexible(storeClient: unknown, useRedisPackage: boolean): RemoteCandidate {
  const limiter = new RateLimiterRedis({
    storeClient,
    useRedisPackage,
    keyPrefix: 'rlflx',
    points: capacity,
    duration: windowMs / 1_000,
  });
  return {
    name: 'rate-limiter-flexible consume',
    take: (key) => limiter.consume(key),
    stored: (key) => `rlflx:${key}`,
  };
}

/** The floor, ours, the peer, and a raw GET, on one ioredis connection. */
export async function onIoredis(redis: Redis): Promise<RemoteCandidate[]> {
  const sha = (await redis.script('LOAD', floorLua)) as string;
  return [
    { name: 'floor: EVALSHA of "return 1"', take: (key) => redis.evalsha(sha, 1, ourKey(key)) },
    gabion(redis),
    rateLimiterFlexible(redis, false),
    { name: 'raw GET', take: (key) => redis.get(ourKey(key)) },
  ];
}

/** The same on one node-redis connection. */
export async function onNodeRedis(
  client: ReturnType<typeof createClient>,
): Promise<RemoteCandidate[]> {
  const sha = await client.scriptLoad(floorLua);
  const floor = (key: string) => client.evalSha(sha, { keys: [ourKey(key)], arguments: [] });
  return [
    { name: 'floor: EVALSHA of "return 1"', take: floor },
    gabion(fromNodeRedis(client)),
    rateLimiterFlexible(client, true),
    { name: 'raw GET', take: (key) => client.get(ourKey(key)) },
  ];
}
