import type { Redis } from 'ioredis';

/** How long all locks of the tables of speed are kept: far longer than they are held. */
export const leaseMs = 10_000;

/**
 * The least that a fenced grant takes in Redis: nobody has the lock, and a counter is one further.
 *
 * KEYS[1]  the lock   KEYS[2]  the counter   ARGV[1]  the owner   ARGV[2]  the lease in ms
 */
const grantLua = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
return redis.call('INCR', KEYS[2])`;

/** The same with a fence that grows although the counter was lost: max(counter + 1, server µs). */
const clockedGrantLua = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
local time = redis.call('TIME')
local fence = math.max(redis.call('GET', KEYS[2]) or 0, time[1] * 1000000 + time[2] - 1) + 1
redis.call('SET', KEYS[2], string.format('%.0f', fence))
return fence`;

/** Deletes the lock if it is the owner's. KEYS[1]  the lock   ARGV[1]  the owner */
const deleteLua = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/** The bare commands of a lock, on one connection. They are no product: nothing is checked. */
export interface BareCommands {
  /** Takes a free lock with SET NX PX; resolves with `null` when it is held. */
  set(key: string, owner: string): Promise<unknown>;
  /** Takes a free lock and resolves with its fence; with 0 when it is held. */
  grant(key: string, owner: string): Promise<unknown>;
  /** The same with a fence that follows the server's clock. */
  grantByClock(key: string, owner: string): Promise<unknown>;
  /** Deletes the owner's lock; resolves with 1 when it did. */
  remove(key: string, owner: string): Promise<unknown>;
}

/** Prepares them: the server has the scripts, and knows them by their SHA-1. */
export async function bareCommands(redis: Redis): Promise<BareCommands> {
  const load = async (lua: string) => (await redis.script('LOAD', lua)) as string;
  const [granting, clocked, removing] = await Promise.all([
    load(grantLua),
    load(clockedGrantLua),
    load(deleteLua),
  ]);
  const counter = 'floor:fence';
  return {
    set: (key, owner) => redis.set(`floor:${key}`, owner, 'PX', leaseMs, 'NX'),
    grant: (key, owner) => redis.evalsha(granting, 2, `floor:${key}`, counter, owner, leaseMs),
    grantByClock: (key, owner) =>
      redis.evalsha(clocked, 2, `floor:${key}`, counter, owner, leaseMs),
    remove: (key, owner) => redis.evalsha(removing, 1, `floor:${key}`, owner),
  };
}
