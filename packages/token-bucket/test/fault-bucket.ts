import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { createHistory } from '@gabion/testkit';
import type { Redis } from 'ioredis';
import { createTokenBucket, type TakeResult, type TokenBucketOptions } from '../src/index.js';
import { type RedisClient, redisBucketStore } from '../src/redis.js';

/** A decision's end, as a caller of a store that may be dead meets it. */
export type Ending =
  | { readonly allowed: boolean; readonly source: TakeResult['source'] }
  | { readonly effect: 'none' | 'unknown' };

/** The deadline of each decision, unless a test says another. */
export const deadlineMs = 250;
/** How late a decision may end on a busy machine. */
export const latestMs = 20 * deadlineMs;

const everyMs = 3_600_000;

/** A bucket of ten tokens that come back in hours, on Redis, and what its observer heard. */
export function createFaultBucket(redis: RedisClient, options: Partial<TokenBucketOptions> = {}) {
  const heard = createHistory<{ event: 'failed' | 'recovered' }>();
  const keyPrefix = randomUUID();
  const bucket = createTokenBucket({
    capacity: 10,
    refill: { tokens: 1, everyMs },
    store: redisBucketStore(redis, { keyPrefix, timeoutMs: 20_000 }),
    deadlineMs,
    probeEveryMs: 100,
    observer: {
      storeFailed: () => heard.record({ event: 'failed' }),
      storeRecovered: () => heard.record({ event: 'recovered' }),
    },
    ...options,
  } as TokenBucketOptions);
  return { bucket, heard, keyPrefix, events: () => heard.events.map(({ event }) => event) };
}

/** Whole tokens in the level of a key, around whatever stands before the server. */
export async function tokensIn(redis: Redis, keyPrefix: string, key = 'k'): Promise<number> {
  const level = await redis.getBuffer(`${keyPrefix}:token-bucket:{${key}}:token-bucket`);
  return level === null ? 10 : Math.floor(level.readDoubleLE(1) / everyMs);
}

/** How a decision ends; an error that is not the store's unavailability is thrown. */
export async function endingOf(decision: Promise<TakeResult>): Promise<Ending> {
  try {
    const { allowed, source } = await decision;
    return { allowed, source };
  } catch (error) {
    const { code, effect } = error as { code?: string; effect?: 'none' | 'unknown' };
    if (code !== 'STORE_UNAVAILABLE' || effect === undefined) throw error;
    return { effect };
  }
}

/** Callers who ask one after the other, each in a turn of its own, until they are told to stop. */
export function startCallers(count: number, ask: () => Promise<TakeResult>) {
  const endings: Ending[] = [];
  let slowestMs = 0;
  let isOver = false;
  const callers = Array.from({ length: count }, async () => {
    while (!isOver) {
      const beganMs = performance.now();
      endings.push(await endingOf(ask()));
      slowestMs = Math.max(slowestMs, performance.now() - beganMs);
      await turn();
    }
  });
  return {
    endings,
    async stop(): Promise<{ slowestMs: number }> {
      isOver = true;
      await Promise.all(callers);
      return { slowestMs };
    },
  };
}

/** How long it takes until all of these have ended, in milliseconds. */
export async function timeOf(decisions: readonly Promise<unknown>[]): Promise<number> {
  const beganMs = performance.now();
  await Promise.allSettled(decisions);
  return performance.now() - beganMs;
}
