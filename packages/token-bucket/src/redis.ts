/**
 * The Redis store: one script call per decision.
 *
 * @packageDocumentation
 */
export { fromNodeRedis, type NodeRedisClient, type RedisClient } from '@gabion/redis-script';
export { type RedisBucketStoreOptions, redisBucketStore } from './redis-store.js';
