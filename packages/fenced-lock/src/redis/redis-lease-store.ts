import { requireNumber } from '@gabion/contract';
import {
  defineScript,
  type Listening,
  listen,
  type RedisClient,
  type RedisSubscriber,
} from '@gabion/redis-script';
import { randomId } from '../shell/random-id.js';
import type { LeaseStore, StoreCallOptions, Wake } from '../store.js';
import { acquireLua } from './acquire.lua.js';
import { findEvictionRisk } from './eviction.js';
import { leaveLua, releaseLua, renewLua } from './lease.lua.js';
import { leaseKeys, type PlaceOptions, placeDefaults, requireRedis } from './place.js';
import { readNumber } from './replies.js';
import { createTogether, type VerbScripts } from './together.js';

/** Options of {@link redisLeaseStore}. */
export interface RedisLeaseStoreOptions extends PlaceOptions {
  /**
   * A second connection, which hears when a lock is passed on to this process; it stays the
   * caller's. Without it waiters poll.
   */
  readonly subscriber?: RedisSubscriber | undefined;
}

/** A lease store on Redis. */
export interface RedisLeaseStore extends LeaseStore {
  /** Ends the subscription; the connections stay open. */
  close(): Promise<void>;
  /** Ends the subscription. */
  [Symbol.asyncDispose](): Promise<void>;
}

const define = (verb: string, lua: string) =>
  defineScript({ name: `redisLeaseStore.${verb}`, lua });

const scripts: VerbScripts = {
  acquire: define('acquire', acquireLua),
  renew: define('renew', renewLua),
  release: define('release', releaseLua),
  leave: define('leave', leaveLua),
};

const renewals = { '1': 'renewed', '0': 'stolen', '-1': 'missing' } as const;

/**
 * Creates a store on Redis (6.2 or later) that every process shares: one EVALSHA a verb, or one for
 * all that are asked for in one turn of the event loop, Redis's own clock, one string for each held
 * lock at `keyPrefix:{namespace}:lease:key`, which expires with the lease, and one counter for each
 * namespace at `keyPrefix:{namespace}:fence`.
 *
 * @param redis - An ioredis `Redis` or `Cluster`, or `fromNodeRedis(client)`; the caller's own.
 * @throws TypeError | RangeError for an option that is not what it says.
 */
export function redisLeaseStore(
  redis: RedisClient,
  options: RedisLeaseStoreOptions = {},
): RedisLeaseStore {
  const fn = 'redisLeaseStore';
  requireRedis(fn, 'redis', redis);
  const { keyPrefix, namespace, timeoutMs } = { ...placeDefaults, ...defined(options) };
  requireNumber(fn, 'timeoutMs', timeoutMs, { min: 1, max: 2 ** 31 - 1 });
  const keys = leaseKeys(fn, keyPrefix, namespace);
  const within = (call: StoreCallOptions | undefined) =>
    call?.timeoutMs === undefined ? timeoutMs : Math.min(timeoutMs, call.timeoutMs);
  const together = createTogether(redis, keys.counter, scripts);
  const wakes = options.subscriber && createWakeUps(options.subscriber);

  const store: LeaseStore & { close(): Promise<void> } = {
    ordered: true,
    waiterPrefix: wakes?.waiterPrefix,
    onWake: wakes?.onWake,
    async acquire({ key, owner, holdMs, floor, waiter }, call) {
      const args: (string | number)[] = [owner, holdMs];
      if (waiter !== undefined || floor !== undefined) args.push(waiter ?? '');
      if (floor !== undefined) args.push(floor);
      const reply = await together('acquire', keys.lease + key, args, within(call));
      const number = readNumber(scripts.acquire.name, reply, key);
      return number > 0
        ? { status: 'granted', fence: number }
        : { status: 'held', heldMs: Math.max(0, -1 - number) };
    },
    async renew({ key, owner, holdMs }, call) {
      const args = [`1 ${owner} `, holdMs];
      const reply = await together('renew', keys.lease + key, args, within(call));
      return renewals[readNumber(scripts.renew.name, reply, key) as 1 | 0 | -1];
    },
    async release({ key, owner }, call) {
      const args = [`1 ${owner} `];
      const reply = await together('release', keys.lease + key, args, within(call));
      return readNumber(scripts.release.name, reply, key) === 1 ? 'released' : 'not-held';
    },
    async leave({ key, waiter }, call) {
      const reply = await together('leave', keys.lease + key, [waiter], within(call));
      readNumber(scripts.leave.name, reply, key);
    },
    findEvictionRisk: (call) => findEvictionRisk(redis, keys.counter, within(call)),
    close: async () => wakes?.close(),
  };
  if (Symbol.asyncDispose !== undefined) {
    Object.assign(store, { [Symbol.asyncDispose]: store.close });
  }
  return store as RedisLeaseStore;
}

/** The options that were given: `undefined` stands for a default. */
function defined<T extends object>(options: T): T {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as T;
}

/** The wake-ups of one store: a channel of its own, subscribed to when somebody first waits. */
function createWakeUps(subscriber: RedisSubscriber) {
  const id = randomId();
  const listeners = new Set<(wake: Wake | 'all') => void>();
  let listening: Listening | undefined;
  const tell = (wake: Wake | 'all') => {
    for (const listener of listeners) listener(wake);
  };
  return {
    waiterPrefix: `${id}_`,
    onWake(listener: (wake: Wake | 'all') => void): () => void {
      listeners.add(listener);
      listening ??= listen(subscriber, `fenced-lock:wake:${id}`, {
        heard(message) {
          const blank = message.indexOf(' ');
          tell({ waiter: message.slice(0, blank), key: message.slice(blank + 1) });
        },
        missed: () => tell('all'),
      });
      return () => listeners.delete(listener);
    },
    async close(): Promise<void> {
      await listening?.close();
      listening = undefined;
    },
  };
}
