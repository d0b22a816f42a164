import type { RedisClient } from './client.js';

/** One wait per client, however many calls share it, so that a dead server grows no listeners. */
const waits = new WeakMap<RedisClient, Promise<void>>();

/**
 * Resolves when the client can write, or rejects when it never will. A command handed over
 * earlier would sit in the client's offline queue and still be sent after its caller gave up.
 */
export function whenReady(redis: RedisClient): Promise<void> {
  const { enableOfflineQueue = true } = (redis.options ?? {}) as { enableOfflineQueue?: boolean };
  // A lazy client connects for its first command; it does so now, before it is handed one.
  if (redis.status === 'wait') redis.connect?.().catch(() => {});
  if (redis.status === 'end') return Promise.reject(new Error('the connection is closed'));
  if (!enableOfflineQueue) return Promise.reject(new Error('the connection is not ready'));
  let wait = waits.get(redis);
  if (wait === undefined) {
    wait = new Promise<void>((resolve, reject) => {
      const settle = (outcome: () => void) => () => {
        redis.off('ready', ready);
        redis.off('end', ended);
        waits.delete(redis);
        outcome();
      };
      const ready = settle(resolve);
      const ended = settle(() => reject(new Error('the connection was closed')));
      redis.on('ready', ready);
      redis.on('end', ended);
    });
    waits.set(redis, wait);
  }
  return wait;
}
