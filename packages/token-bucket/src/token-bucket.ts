import { createStoreProbe, requireNumber } from '@gabion/contract';
import { openFastLane } from './fast-lane.js';
import { type TakeResult, toResult } from './result.js';
import { defineBucket, type Keys, keysOf, limitsOf, requireTokens } from './shell/arguments.js';
import { type Ask, createAsk, tellEvicted } from './shell/asking.js';
import { createFallback } from './shell/fallback.js';
import { settle, type TokenBucketOptions } from './shell/options.js';
import { createWaitingRoom, type WaitingRoom } from './shell/waiting.js';
import type { SyncBucketStore, TakeRequest } from './store.js';

/** How much to take, and how long to wait for the answer. */
export interface TakeOptions {
  /** Whole tokens to take: 0 only looks. @defaultValue 1 */
  readonly cost?: number | undefined;
}

/** How much to take, and what ends the call early. */
export interface AbortableTakeOptions extends TakeOptions {
  /** Ends the call: it rejects with the signal's reason; a decision under way may still count. */
  readonly signal?: AbortSignal | undefined;
}

/** How much to take, and how long to wait for the tokens. */
export interface WaitOptions extends AbortableTakeOptions {
  /** The longest wait in milliseconds; 0 never waits. @defaultValue until the signal */
  readonly waitMs?: number | undefined;
}

/** A limiter: per key a bucket of tokens, which fills at a steady rate. */
export interface TokenBucket {
  /** What the bucket is called. */
  readonly name: string;
  /**
   * Takes `cost` tokens from every limit, or none from any. A refusal is an answer, not an error.
   *
   * @throws TypeError | RangeError for a bad key or cost, before any I/O.
   * @throws StoreUnavailableError when the store cannot be reached and `onStoreError` is `'throw'`.
   */
  take(key: Keys, options?: AbortableTakeOptions): Promise<TakeResult>;
  /**
   * Says how the key stands, or whether `cost` would be given now, and takes nothing.
   * @defaultValue `cost` is 0
   */
  peek(key: Keys, options?: AbortableTakeOptions): Promise<TakeResult>;
  /**
   * Gives back tokens of work that was not done, never above the capacity.
   *
   * @param tokens - A whole number of at least 0.
   */
  refund(key: Keys, tokens: number): Promise<TakeResult>;
  /**
   * Takes `cost` tokens as soon as they are there. Callers of one key in this process are served
   * in the order of their calls. A refusal is returned as soon as it is certain that `waitMs` is
   * too short, or when it is over; an abort rejects with its reason. Neither takes anything:
   * what a decision under way was granted meanwhile is given back.
   *
   * @throws TooManyWaitersError when `maxWaiters` callers wait already.
   */
  wait(key: Keys, options?: WaitOptions): Promise<TakeResult>;
}

/** A limiter whose store is in this process. */
export interface SyncTokenBucket extends TokenBucket {
  /** The answer of `take`, at once. */
  takeSync(key: Keys, options?: TakeOptions): TakeResult;
}

const fn = 'createTokenBucket';

/**
 * Creates a token-bucket limiter. Its `takeSync` is there, and typed, where the store answers in
 * this process.
 *
 * @throws TypeError | RangeError for an option that is not what it says, naming it and its value.
 * @example
 * ```ts
 * import { createTokenBucket } from '@gabion/token-bucket';
 *
 * const bucket = createTokenBucket({ capacity: 20, refill: { tokens: 10, everyMs: 1_000 } });
 * const answer = await bucket.take('user:42');
 * if (!answer.allowed) console.log(`try again in ${answer.retryAfterMs} ms`);
 * ```
 */
export function createTokenBucket(
  options: TokenBucketOptions & { readonly store?: SyncBucketStore | undefined },
): SyncTokenBucket;
export function createTokenBucket(options: TokenBucketOptions): TokenBucket;
export function createTokenBucket(options: TokenBucketOptions): TokenBucket {
  const settings = settle(fn, options);
  const { name, clock, store, observer, onStoreError } = settings;
  const limits = limitsOf(fn, name, options);
  const bucket = defineBucket(fn, name, limits);
  const probe = createStoreProbe(clock, settings);
  const fallback = createFallback(fn, onStoreError, limits, bucket, { clock, probe });
  const ask = createAsk({ ...settings, probe, fallback });
  const room = createWaitingRoom('wait', settings.maxWaiters, clock);

  const fastLane = openFastLane(store, bucket);

  function request(verb: string, key: Keys, cost: number, commit = true): TakeRequest {
    return { bucket, keys: keysOf(verb, bucket, key), cost, commit };
  }

  function takeSync(key: Keys, { cost = 1 }: TakeOptions = {}): TakeResult {
    requireTokens('takeSync', 'cost', cost);
    if (fastLane !== undefined && typeof key === 'string' && cost > 0) {
      const result = fastLane(key, cost);
      if (result !== undefined) return result;
    }
    const question = request('takeSync', key, cost);
    const verdict = (store as SyncBucketStore).takeSync(question);
    tellEvicted(observer, verdict);
    return toResult(verdict, 'store');
  }

  return {
    name,
    take: promised((key, { cost = 1, signal } = {}) =>
      ask(request('take', key, requireTokens('take', 'cost', cost)), signal),
    ),
    peek: promised((key, { cost = 0, signal } = {}) =>
      ask(request('peek', key, requireTokens('peek', 'cost', cost), false), signal),
    ),
    refund: promised((key, tokens) =>
      ask(request('refund', key, -requireTokens('refund', 'tokens', tokens))),
    ),
    wait: promised((key, { cost = 1, ...patience } = {}) =>
      wait(ask, room, request('wait', key, requireTokens('wait', 'cost', cost)), patience),
    ),
    ...(store.takeSync === undefined ? undefined : { takeSync }),
  };
}

/**
 * Lets what a verb's checks throw become a rejection. An `async` function would do it too, at the
 * price of three more turns of the microtask queue for each decision.
 */
function promised<Rest extends unknown[]>(
  verb: (key: Keys, ...rest: Rest) => Promise<TakeResult>,
): (key: Keys, ...rest: Rest) => Promise<TakeResult> {
  return (key, ...rest) => {
    try {
      return verb(key, ...rest);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

async function wait(
  ask: Ask,
  room: WaitingRoom,
  question: TakeRequest,
  { waitMs = Infinity, signal }: WaitOptions,
): Promise<TakeResult> {
  requireNumber('wait', 'waitMs', waitMs, { min: 0 });
  signal?.throwIfAborted();
  const waiter = room.join(JSON.stringify(question.keys), waitMs, signal);
  try {
    if (!(await waiter.turn())) return refused(await ask({ ...question, commit: false }, signal));
    for (;;) {
      const result = await askFor(ask, question, signal);
      if (result.allowed || result.retryAfterMs === null) return result;
      if (!waiter.hasTimeFor(result.retryAfterMs)) return result;
      await waiter.pause(result.retryAfterMs);
    }
  } finally {
    waiter.leave();
  }
}

/** Asks for a caller that may go meanwhile: what it is granted then is given back. */
async function askFor(
  ask: Ask,
  question: TakeRequest,
  signal: AbortSignal | undefined,
): Promise<TakeResult> {
  signal?.throwIfAborted();
  const result = await ask(question).catch((error) => {
    signal?.throwIfAborted();
    throw error;
  });
  if (signal?.aborted && result.allowed) await giveBack(ask, question, result);
  signal?.throwIfAborted();
  return result;
}

/** A place in the line is over; the tokens may be there, but they belong to those ahead. */
function refused(result: TakeResult): TakeResult {
  return result.allowed ? { ...result, allowed: false, retryAfterMs: 0, violated: [] } : result;
}

/**
 * Returns what was granted to a caller that has gone. A store that cannot take it back keeps it,
 * which admits less, never more.
 */
async function giveBack(ask: Ask, question: TakeRequest, { source }: TakeResult): Promise<void> {
  if (source === 'store') await ask({ ...question, cost: -question.cost }).catch(() => {});
}
