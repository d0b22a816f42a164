import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-server.js';
import type {} from './provided.js';
import { lendServer } from './shared-server.js';

/**
 * Vitest's global set-up that provides `postgresUrl`: that of `DATABASE_URL`, else of a server
 * that lives as long as the run. Nothing is provided with `GABION_NO_SERVERS=1` and no
 * `DATABASE_URL`.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, giveBack } = await lendServer({ variable: 'DATABASE_URL', start: startPostgres });
  if (url) project.provide('postgresUrl', url);
  return giveBack;
}
