import { requireNumber, StoreLayoutError, show } from '@gabion/contract';
import {
  defineScript,
  escapeKeyPart,
  hashTag,
  type RedisClient,
  type RedisScript,
  requireKeyPrefix,
} from '@gabion/redis-script';
import type { BucketDefinition, BucketStore, TakeRequest, Verdict } from './store.js';
import { takeLua } from './take.lua.js';

/** Options of {@link redisBucketStore}. */
export interface RedisBucketStoreOptions {
  /** Begins every key: 1 to 256 characters without braces. @defaultValue `'token-bucket'` */
  readonly keyPrefix?: string | undefined;
  /**
   * The longest wait for one reply, in milliseconds; the bucket's `deadlineMs` caps it.
   * @defaultValue 1 000
   */
  readonly timeoutMs?: number | undefined;
}

const defaults = Object.freeze({ keyPrefix: 'token-bucket', timeoutMs: 1_000 });
const takeScript = defineScript({ name: 'redisBucketStore.take', lua: takeLua });

/**
 * Creates a store on Redis (6.2 or later) that every process shares: one EVALSHA per decision,
 * Redis's own clock, one string per limit and key at `keyPrefix:name:{key}:limit`, which expires
 * when the bucket is full. On a cluster the keys of one take must be the same text, for only then
 * do they share a slot.
 *
 * @param redis - An ioredis `Redis` or `Cluster`, or `fromNodeRedis(client)`; it stays the caller's.
 * @throws TypeError | RangeError for an option that is not what it says.
 */
export function redisBucketStore(
  redis: RedisClient,
  options: RedisBucketStoreOptions = {},
): BucketStore {
  return bucketStoreOn(redis, options, takeScript);
}

/** The same on a given script: tests run it with a clock that they set. */
export function bucketStoreOn(
  redis: RedisClient,
  { keyPrefix = defaults.keyPrefix, timeoutMs = defaults.timeoutMs }: RedisBucketStoreOptions,
  script: RedisScript,
): BucketStore {
  const fn = 'redisBucketStore';
  if (typeof redis?.evalsha !== 'function') {
    throw new TypeError(
      `${fn}: redis must be an ioredis client or fromNodeRedis(client), got ${show(redis)}`,
    );
  }
  const prefix = requireKeyPrefix(fn, keyPrefix);
  requireNumber(fn, 'timeoutMs', timeoutMs, { min: 1, max: 2 ** 31 - 1 });

  function redisKeys({ bucket, keys }: TakeRequest): string[] {
    const stray = redis.isCluster ? keys.find((key) => key !== keys[0]) : undefined;
    if (stray !== undefined) {
      throw new RangeError(
        `${fn}: on a cluster the keys of one take must share a slot, got ${show(keys[0])} and ${show(stray)}`,
      );
    }
    const start = `${prefix}:${escapeKeyPart(bucket.name)}:`;
    return bucket.limits.map(({ name }, i) => `${start}${hashTag(keys[i] as string)}:${name}`);
  }

  return {
    keepsDeadlines: true,
    async take(request, { timeoutMs: leftMs, signal }) {
      const { cost, commit, bucket } = request;
      const args = [`[${cost},${commit ? 1 : 0}${limitsText(bucket)}]`];
      const call = {
        keys: redisKeys(request),
        args,
        timeoutMs: Math.min(timeoutMs, leftMs),
        signal,
      };
      return toVerdict(request, (await script.run(redis, call)) as string);
    },
  };
}

/** The limits of each bucket as the script reads them, made once. */
const limitTexts = new WeakMap<BucketDefinition, string>();

function limitsText(bucket: BucketDefinition): string {
  let text = limitTexts.get(bucket);
  if (text === undefined) {
    text = bucket.limits
      .map(
        ({ capacity, unitsPerToken, unitsPerMs }) => `,${capacity},${unitsPerToken},${unitsPerMs}`,
      )
      .join('');
    limitTexts.set(bucket, text);
  }
  return text;
}

function toVerdict({ bucket: { limits } }: TakeRequest, reply: string): Verdict {
  const figures = reply.split(' ');
  if (figures[0] === 'layout') {
    throw new StoreLayoutError(`redisBucketStore: a level has the layout ${figures[1]}, not 1`);
  }
  const atMs = Number(figures[0]);
  const standings = limits.map(({ name, capacity, windowMs }, i) => {
    const [remaining, resetAfterMs] = [Number(figures[3 * i + 2]), Number(figures[3 * i + 3])];
    return { name, capacity, windowMs, remaining, resetAfterMs };
  });
  if (figures[1] === '1') return { allowed: true, atMs, limits: standings };
  const retryAfterMs = limits.map((_, i) => {
    const ms = Number(figures[3 * i + 4]);
    return ms === -1 ? null : ms;
  });
  return { allowed: false, atMs, limits: standings, retryAfterMs };
}
