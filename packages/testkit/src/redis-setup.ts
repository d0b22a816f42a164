import type { TestProject } from 'vitest/node';
import type {} from './provided.js';
import { startRedis } from './redis-server.js';
import { lendServer } from './shared-server.js';

/**
 * Vitest's global set-up that provides `redisUrl`: that of `REDIS_URL`, else of a server that
 * lives as long as the run. Nothing is provided with `GABION_NO_SERVERS=1` and no `REDIS_URL`.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, giveBack } = await lendServer({ variable: 'REDIS_URL', start: startRedis });
  if (url) project.provide('redisUrl', url);
  return giveBack;
}
