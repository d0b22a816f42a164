import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { findRedisServer } from '@gabion/testkit';

/** Where and when the figures were measured. */
export interface Machine {
  /** The day, as `YYYY-MM-DD`. */
  readonly date: string;
  /** The version of Node. */
  readonly node: string;
  /** Its operating system and architecture. */
  readonly platform: string;
  /** The model of its processors. */
  readonly cpu: string;
  /** How many there are, shared by clients and servers. */
  readonly cpuCount: number;
  /** Its memory, in GiB. */
  readonly memoryGib: number;
  /** The version of `redis-server`, or `null` where there is none. */
  readonly redis: string | null;
  /** The version of each package that takes part. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Describes this machine, and the packages as they are installed. */
export function describeMachine(packages: readonly string[]): Machine {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cpuCount: processors.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    redis: redisVersion(),
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

/** One line of it. */
export function machineLine(machine: Machine): string {
  const { date, node, platform, cpu, cpuCount, memoryGib, redis } = machine;
  const server = redis === null ? '' : `, Redis ${redis} without persistence on loopback`;
  return `${date}, Node ${node} on ${platform}, ${cpuCount} × ${cpu}, ${memoryGib} GiB${server}`;
}

function redisVersion(): string | null {
  const file = findRedisServer();
  if (file === undefined) return null;
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  return /\bv=(\S+)/.exec(stdout)?.[1] ?? null;
}

/** The version of an installed package: not every package exports its `package.json`. */
function versionOf(name: string): string {
  const main = createRequire(import.meta.url).resolve(name);
  for (let folder = dirname(main); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    // A package that is installed under another name, say two versions of one, keeps its own.
    const isAlias = folder.endsWith(join('node_modules', name));
    const isIt = manifest.name === name || isAlias;
    if (isIt && manifest.version !== undefined) return manifest.version;
  }
  throw new Error(`versus: ${name} has no package.json above ${main}`);
}
