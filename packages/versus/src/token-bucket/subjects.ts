import { createTokenBucket, memoryBucketStore } from '@gabion/token-bucket';
import { MemoryStore, type Options } from 'express-rate-limit';
import { RateLimiter } from 'limiter';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** So many in so long, all at once if need be: a limit that every candidate can state. */
export interface Rule {
  /** How many. */
  readonly tokens: number;
  /** In how long, in milliseconds. */
  readonly everyMs: number;
}

/** What a candidate says about one request. */
export interface Answer {
  /** Whether it may go on. */
  readonly allowed: boolean;
  /** How long to wait, in milliseconds, when it may not. */
  readonly retryAfterMs: number;
}

/** A limiter that was opened for one scenario. */
export interface Opened {
  /** Asks for one request of that cost. */
  take(key: string, cost?: number): Promise<Answer>;
}

/** A candidate of the behaviour table. */
export interface Subject {
  /** The heading of its column. */
  readonly name: string;
  /** Why it cannot be asked for several tokens at once, where it cannot. */
  readonly noCost?: string;
  /** Why it does not hold the keys, where its user does. */
  readonly noKeys?: string;
  /** Opens it under a rule, in the configuration that its documentation recommends. */
  open(rule: Rule): Opened;
}

/** The most keys that our store may hold in the scenarios; the peers have no such bound. */
export const maxKeys = 10_000;

function openGabion({ tokens, everyMs }: Rule): Opened {
  const store = memoryBucketStore({ maxKeys });
  const bucket = createTokenBucket({ capacity: tokens, refill: { tokens, everyMs }, store });
  return {
    async take(key, cost = 1) {
      const answer = await bucket.take(key, { cost });
      if (answer.allowed) return { allowed: true, retryAfterMs: 0 };
      return { allowed: false, retryAfterMs: answer.retryAfterMs ?? Infinity };
    },
  };
}

function openRateLimiterFlexible({ tokens, everyMs }: Rule): Opened {
  const memory = new RateLimiterMemory({ points: tokens, duration: everyMs / 1_000 });
  return { take: (key, cost = 1) => answerOf(memory.consume(key, cost)) };
}

/** A refusal is a rejection with the same figures as an answer; an `Error` is none. */
export async function answerOf(consumed: Promise<unknown>): Promise<Answer> {
  try {
    await consumed;
    return { allowed: true, retryAfterMs: 0 };
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal;
    const { msBeforeNext } = refusal as { msBeforeNext: number };
    return { allowed: false, retryAfterMs: msBeforeNext };
  }
}

function openLimiter({ tokens, everyMs }: Rule): Opened {
  const limiters = new Map<string, RateLimiter>();
  return {
    async take(key, cost = 1) {
      let limiter = limiters.get(key);
      if (limiter === undefined) {
        limiter = new RateLimiter({ tokensPerInterval: tokens, interval: everyMs });
        limiters.set(key, limiter);
      }
      if (limiter.tryRemoveTokens(cost)) return { allowed: true, retryAfterMs: 0 };
      return { allowed: false, retryAfterMs: limiter.getWaitTime(cost) };
    },
  };
}

function openExpressRateLimit({ tokens, everyMs }: Rule): Opened {
  const store = new MemoryStore();
  store.init({ windowMs: everyMs } as Options);
  return {
    async take(key) {
      const { totalHits, resetTime } = await store.increment(key);
      const untilResetMs = (resetTime as Date).getTime() - Date.now();
      return { allowed: totalHits <= tokens, retryAfterMs: untilResetMs };
    },
  };
}

/** Ours; the others follow. */
export const gabionInMemory: Subject = { name: 'gabion', open: openGabion };

/** Everyone who limits in this process. */
export const inMemory: readonly Subject[] = [
  gabionInMemory,
  { name: 'rate-limiter-flexible', open: openRateLimiterFlexible },
  { name: 'limiter', open: openLimiter, noKeys: 'its user keeps the keys' },
  { name: 'express-rate-limit', open: openExpressRateLimit, noCost: 'one request, one hit' },
];
