/**
 * Leases and marks on Redis.
 *
 * @packageDocumentation
 */
export {
  fromNodeRedis,
  type NodeRedisClient,
  type RedisClient,
  type RedisSubscriber,
} from '@gabion/redis-script';
export type { PlaceOptions } from './redis/place.js';
export { fencedSet, type RedisFenceOptions, redisFenceStore } from './redis/redis-fences.js';
export {
  type RedisLeaseStore,
  type RedisLeaseStoreOptions,
  redisLeaseStore,
} from './redis/redis-lease-store.js';
