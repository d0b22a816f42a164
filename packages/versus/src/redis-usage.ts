import type { Redis } from 'ioredis';

/** What a server has done since it was started. */
export interface Usage {
  /** Its processor time, in microseconds. */
  readonly cpuUs: number;
  /** How often it carried out each command, those of scripts included. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Asks a server for it, on a connection that is not measured. */
export async function usageOf(redis: Redis): Promise<Usage> {
  const [cpu, commands] = await Promise.all([redis.info('cpu'), redis.info('commandstats')]);
  const seconds = (field: string) => Number(new RegExp(`${field}:([0-9.]+)`).exec(cpu)?.[1]);
  const calls = [...commands.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)];
  return {
    cpuUs: (seconds('used_cpu_sys') + seconds('used_cpu_user')) * 1e6,
    calls: Object.fromEntries(calls.map(([, name, count]) => [name, Number(count)])),
  };
}

/** How often each command ran per operation, but for those that this very count needs. */
export function callsBetween(before: Usage, after: Usage, operations: number) {
  const found: Record<string, number> = {};
  for (const [name, calls] of Object.entries(after.calls)) {
    const more = calls - (before.calls[name] ?? 0);
    if (more > 0 && name !== 'info') found[name] = more / operations;
  }
  return found;
}

/**
 * How many of them the client sent: where a script ran, Redis counts the commands inside of it,
 * too, and they cost no round trip.
 */
export function sentOf(calls: Readonly<Record<string, number>>): number {
  const scripts = (calls['evalsha'] ?? 0) + (calls['eval'] ?? 0);
  if (scripts > 0) return scripts;
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}
