/**
 * One Lua script with a deadline, on ioredis or node-redis: EVALSHA, NOSCRIPT recovery, key
 * escaping, and errors that say whether anything was sent.
 *
 * @packageDocumentation
 */
export { StoreUnavailableError } from '@gabion/contract';
export type { RedisClient } from './client.js';
export { escapeKeyPart, hashTag, requireKeyPrefix } from './key.js';
export { type Ears, type Listening, listen, type RedisSubscriber } from './listen.js';
export { fromNodeRedis, type NodeRedisClient } from './node-redis.js';
export { defineScript, type RedisScript, type ScriptCall } from './script.js';
