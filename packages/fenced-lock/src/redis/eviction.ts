import { defineScript, type RedisClient } from '@gabion/redis-script';
import type { EvictionRisk } from '../store.js';

/**
 * Reads the server's eviction policy. INFO is asked inside a script because every client that can
 * run one can ask, and because CONFIG is often forbidden.
 *
 * KEYS[1]  any key of the namespace, so that a cluster asks the node that has it
 */
const memoryLua = `
local info = redis.call('INFO', 'memory')
return {
  string.match(info, 'maxmemory_policy:(%S+)') or '',
  string.match(info, 'maxmemory:(%d+)') or '0',
}`;

const memoryScript = defineScript({ name: 'redisLeaseStore.findEvictionRisk', lua: memoryLua });

/** Tells of any policy but `noeviction`: the others may drop leases, and some the counter. */
export async function findEvictionRisk(
  redis: RedisClient,
  key: string,
  timeoutMs: number,
): Promise<EvictionRisk | undefined> {
  const reply = await memoryScript.run(redis, { keys: [key], args: [], timeoutMs });
  const [policy, maxMemory] = reply as [string, string];
  if (policy === '' || policy === 'noeviction') return undefined;
  return { policy, maxMemoryBytes: Number(maxMemory) };
}
