import { requireKey, requireNumber, show } from '@gabion/contract';
import { defineScript, type RedisClient, requireKeyPrefix } from '@gabion/redis-script';
import { type FenceStore, refuseOlder, requireMark } from '../guard.js';
import { requireNamespace } from '../namespace.js';
import { advanceLua, fencedSetLua } from './fence.lua.js';
import { markKey, type PlaceOptions, placeDefaults, requireRedis, unplaced } from './place.js';
import { readNumber } from './replies.js';

/** Options of {@link redisFenceStore} and {@link fencedSet}. */
export interface RedisFenceOptions extends PlaceOptions {}

const advanceScript = defineScript({ name: 'redisFenceStore.advance', lua: advanceLua });
const fencedSetScript = defineScript({ name: 'fencedSet', lua: fencedSetLua });

/**
 * Creates a store of marks on Redis: one string for each name, without an end, in the cluster slot
 * of the name itself. It protects what cannot be written in one script with its mark only as far
 * as `check` and the write are close; prefer {@link fencedSet}, which shares the marks.
 *
 * @throws TypeError | RangeError for an option that is not what it says.
 */
export function redisFenceStore(redis: RedisClient, options: RedisFenceOptions = {}): FenceStore {
  const { prefix, namespace, timeoutMs } = settle('redisFenceStore', redis, options);

  async function advance(name: string, fence: number, leftMs = timeoutMs): Promise<number> {
    const key = markKey(prefix, namespace, name) ?? unplaced(prefix, namespace, name);
    const run = { keys: [key], args: [fence], timeoutMs: Math.min(timeoutMs, leftMs) };
    return readNumber(advanceScript.name, await advanceScript.run(redis, run), name);
  }

  return {
    advance: (name, fence, call) => advance(name, fence, call?.timeoutMs),
    highest: (name, call) => advance(name, 0, call?.timeoutMs),
  };
}

/**
 * Sets a key to a value if no later fence was seen for it, and raises its mark, in one script.
 *
 * @param key - The user's own key, also the name of its mark: `createFenceGuard` over a
 * `redisFenceStore` of the same `namespace` and `keyPrefix` shares it.
 * @throws StaleFenceError when a later fence was seen: nothing was written. RangeError for a key
 * that its mark cannot stand beside in one cluster slot (one with a `}` and without a hash tag),
 * or that is one of this package's own. StoreUnavailableError: with `effect: 'unknown'` the value
 * may have been written.
 */
export async function fencedSet(
  redis: RedisClient,
  key: string,
  value: string,
  fence: number,
  options: RedisFenceOptions = {},
): Promise<void> {
  const fn = 'fencedSet';
  const { prefix, namespace, timeoutMs } = settle(fn, redis, options);
  requireKey(fn, 'key', key);
  if (typeof value !== 'string') {
    throw new TypeError(`${fn}: value must be a string, got ${show(value)}`);
  }
  requireMark(fn, key, fence);
  const mark = markKey(prefix, namespace, key);
  if (mark === undefined || key.startsWith(`${prefix}:{`)) {
    const wanted = 'must not begin like a key of this package, nor have a } without a hash tag';
    throw new RangeError(`${fn}: key ${wanted}, got ${show(key)}`);
  }
  const run = { keys: [mark, key], args: [fence, value], timeoutMs };
  refuseOlder(fn, key, fence, readNumber(fn, await fencedSetScript.run(redis, run), key));
}

function settle(fn: string, redis: RedisClient, options: RedisFenceOptions) {
  requireRedis(fn, 'redis', redis);
  const { keyPrefix = placeDefaults.keyPrefix, namespace = placeDefaults.namespace } = options;
  const { timeoutMs = placeDefaults.timeoutMs } = options;
  requireNumber(fn, 'timeoutMs', timeoutMs, { min: 1, max: 2 ** 31 - 1 });
  const prefix = requireKeyPrefix(fn, keyPrefix);
  return { prefix, namespace: requireNamespace(fn, namespace), timeoutMs };
}
