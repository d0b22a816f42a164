import { createTokenBucket, type TokenBucketOptions } from '@gabion/token-bucket';
import { redisBucketStore } from '@gabion/token-bucket/redis';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RLWrapperTimeouts } from 'rate-limiter-flexible';
import { type Answer, answerOf, type Rule } from './subjects.js';

/** What a candidate over Redis says about one request. */
export interface RemoteAnswer extends Answer {
  /** Whether it says that Redis did not decide. */
  readonly degraded: boolean;
}

/** A limiter over Redis that was opened for one scenario. */
export interface RemoteOpened {
  /** Asks for one request of that cost. */
  take(key: string, cost?: number): Promise<RemoteAnswer>;
  /** Closes its connection. */
  close(): void;
}

/** A candidate of the behaviour table over Redis. */
export interface RemoteSubject {
  /** The heading of its column. */
  readonly name: string;
  /** Opens it under a rule, on an ioredis connection of its own with the client's defaults. */
  open(url: string, rule: Rule): RemoteOpened;
}

function connect(url: string): Redis {
  const redis = new Redis(url);
  // Without a listener, each lost connection would be printed.
  redis.on('error', () => undefined);
  return redis;
}

function openGabion(url: string, rule: Rule, more: Partial<TokenBucketOptions> = {}) {
  const redis = connect(url);
  const bucket = createTokenBucket({
    capacity: rule.tokens,
    refill: rule,
    store: redisBucketStore(redis),
    onStoreError: more.onStoreError,
  });
  return {
    async take(key: string, cost = 1) {
      const answer = await bucket.take(key, { cost });
      const retryAfterMs = answer.allowed ? 0 : (answer.retryAfterMs ?? Infinity);
      return { allowed: answer.allowed, retryAfterMs, degraded: answer.degraded };
    },
    close: () => redis.disconnect(),
  };
}

function openPeer(url: string, { tokens, everyMs }: Rule, isInsured: boolean): RemoteOpened {
  const redis = connect(url);
  const limit = { points: tokens, duration: everyMs / 1_000 };
  const insurance = isInsured ? { insuranceLimiter: new RateLimiterMemory(limit) } : {};
  const remote = new RateLimiterRedis({ storeClient: redis, ...limit, ...insurance });
  const limiter = isInsured ? new RLWrapperTimeouts({ limiter: remote, timeoutMs: 100 }) : remote;
  return {
    take: async (key, cost = 1) => {
      // Its answers do not say who gave them.
      return { ...(await answerOf(limiter.consume(key, cost))), degraded: false };
    },
    close: () => redis.disconnect(),
  };
}

/** Ours: as it comes, and with a fallback. */
export const gabionOverRedis: readonly RemoteSubject[] = [
  { name: 'gabion', open: openGabion },
  {
    name: 'gabion, { local: 1 }',
    open: (url, rule) => openGabion(url, rule, { onStoreError: { local: 1 } }),
  },
];

/** Everyone who limits in Redis. */
export const overRedis: readonly RemoteSubject[] = [
  ...gabionOverRedis,
  { name: 'rate-limiter-flexible', open: (url, rule) => openPeer(url, rule, false) },
  { name: 'rate-limiter-flexible, insured', open: (url, rule) => openPeer(url, rule, true) },
];
