import { createTokenBucket } from '@gabion/token-bucket';
import { MemoryStore, type Options } from 'express-rate-limit';
import { RateLimiter } from 'limiter';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Work } from '../loop.js';
import { createFloor, type Decision } from './floor-gcra.js';
import { type Terms, windowOf } from './terms.js';

/** A candidate in this process, and how to tell what it answered. */
export interface Candidate extends Omit<Work, 'expects'> {
  /** Whether an answer lets the request go on. */
  allowed(answer: unknown): boolean;
}

const isAllowed = (answer: unknown) => (answer as Decision).allowed;

/** The floor, and the same as an async function. */
export function floor(terms: Terms, awaited = false): Candidate {
  const decide = createFloor(terms);
  if (!awaited) return { name: 'floor: GCRA over a Map', run: decide, awaited, allowed: isAllowed };
  const run = async (key: string) => decide(key);
  return { name: 'floor: async GCRA over a Map', run, awaited, allowed: isAllowed };
}

/** Ours, with and without a promise. */
export function gabion({ capacity, tokens, everyMs }: Terms, awaited = false): Candidate {
  const bucket = createTokenBucket({ name: 'api', capacity, refill: { tokens, everyMs } });
  if (awaited) {
    const run = (key: string) => bucket.take(key);
    return { name: 'gabion take', run, awaited, allowed: isAllowed };
  }
  const run = (key: string) => bucket.takeSync(key);
  return { name: 'gabion takeSync', run, awaited, allowed: isAllowed };
}

/**
 * `limiter`: an object per key in a `Map` that its user keeps. Its synchronous call answers yes or
 * no; its promise, with `fireImmediately`, how many tokens are left, or −1.
 */
export function limiter(terms: Terms, awaited = false): Candidate {
  const { count, ms } = windowOf(terms);
  const options = { tokensPerInterval: count, interval: ms, fireImmediately: true };
  const limiters = new Map<string, RateLimiter>();
  const limiterOf = (key: string): RateLimiter => {
    const known = limiters.get(key);
    if (known !== undefined) return known;
    const made = new RateLimiter(options);
    limiters.set(key, made);
    return made;
  };
  if (awaited) {
    const run = (key: string) => limiterOf(key).removeTokens(1);
    const allowed = (left: unknown) => (left as number) >= 0;
    return { name: 'limiter removeTokens', run, awaited, allowed };
  }
  const run = (key: string) => limiterOf(key).tryRemoveTokens(1);
  return { name: 'limiter tryRemoveTokens', run, awaited, allowed: (answer) => answer === true };
}

/** `rate-limiter-flexible` in memory: a promise, rejected by a refusal. No prefix is fastest. */
export function rateLimiterFlexible(terms: Terms): Candidate {
  const { count, ms } = windowOf(terms);
  const memory = new RateLimiterMemory({ points: count, duration: ms / 1_000, keyPrefix: '' });
  const run = (key: string) => memory.consume(key);
  const allowed = (answer: unknown) =>
    (answer as { consumedPoints: number }).consumedPoints <= count;
  return { name: 'rate-limiter-flexible consume', run, awaited: true, allowed };
}

/** The store of `express-rate-limit`, without its middleware. */
export function expressRateLimit(terms: Terms): Candidate {
  const { count, ms } = windowOf(terms);
  const store = new MemoryStore();
  store.init({ windowMs: ms } as Options);
  const run = (key: string) => store.increment(key);
  const allowed = (answer: unknown) => (answer as { totalHits: number }).totalHits <= count;
  return { name: 'express-rate-limit increment', run, awaited: true, allowed };
}
