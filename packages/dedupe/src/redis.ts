/**
 * Records and producer sequences on Redis.
 *
 * @packageDocumentation
 */
export { fromNodeRedis, type NodeRedisClient, type RedisClient } from '@gabion/redis-script';
export { type RedisRecordStoreOptions, redisRecordStore } from './redis/redis-record-store.js';
