import { requireNumber, show } from '@gabion/contract';
import {
  defineScript,
  escapeKeyPart,
  hashTag,
  type RedisClient,
  type RedisScript,
  requireKeyPrefix,
} from '@gabion/redis-script';
import { readReply } from './redis-reply.js';
import type { BucketDefinition, BucketStore } from './store.js';
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
 * @param redis - An ioredis `Redis` or `Cluster`, or `fromNodeRedis(client)`; the caller's own.
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

  const plans = new WeakMap<BucketDefinition, Plan>();

  function planOf(bucket: BucketDefinition): Plan {
    let plan = plans.get(bucket);
    if (plan === undefined) {
      plan = makePlan(prefix, bucket);
      plans.set(bucket, plan);
    }
    return plan;
  }

  return {
    keepsDeadlines: true,
    async take(request, { timeoutMs: leftMs, signal }) {
      const { bucket, keys, cost, commit } = request;
      if (redis.isCluster) requireOneSlot(fn, keys);
      const plan = planOf(bucket);
      const reply = await script.run(redis, {
        keys: keysOf(plan, keys),
        args: [`[${cost},${commit ? 1 : 0}${plan.figures}]`],
        timeoutMs: Math.min(timeoutMs, leftMs),
        signal,
      });
      return readReply(request, reply as string);
    },
  };
}

/** What is the same in every call for a bucket. */
interface Plan {
  /** How its keys begin, and how the key of each limit ends. */
  readonly start: string;
  readonly suffixes: readonly string[];
  /** Its limits as the script reads them. */
  readonly figures: string;
}

function makePlan(prefix: string, { name, limits }: BucketDefinition): Plan {
  const figures = limits.map(
    ({ capacity, unitsPerToken, unitsPerMs }) => `,${capacity},${unitsPerToken},${unitsPerMs}`,
  );
  return {
    start: `${prefix}:${escapeKeyPart(name)}:`,
    suffixes: limits.map((limit) => `:${limit.name}`),
    figures: figures.join(''),
  };
}

function keysOf({ start, suffixes }: Plan, keys: readonly string[]): string[] {
  return suffixes.map((suffix, i) => `${start}${hashTag(keys[i] as string)}${suffix}`);
}

function requireOneSlot(fn: string, keys: readonly string[]): void {
  const stray = keys.find((key) => key !== keys[0]);
  if (stray === undefined) return;
  const both = `${show(keys[0])} and ${show(stray)}`;
  throw new RangeError(`${fn}: on a cluster the keys of one take must share a slot, got ${both}`);
}
