import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Where a program may be: files that must lie together, and folders to try after `PATH`. */
export interface Binary {
  /** The files, the one that is run first. */
  readonly files: readonly string[];
  /** Folders in which they may be besides; one `*` in one part stands for any text. */
  readonly folders: readonly string[];
}

/** The Redis server. Homebrew keeps it outside of `PATH` where it was not linked. */
export const redisBinary: Binary = {
  files: ['redis-server'],
  folders: [
    '/usr/bin',
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/opt/homebrew/opt/redis/bin',
    '/usr/local/opt/redis/bin',
  ],
};

/** The PostgreSQL server, with `initdb` beside it. Debian and Homebrew hide it from `PATH`. */
export const postgresBinary: Binary = {
  files: ['postgres', 'initdb'],
  folders: [
    '/usr/lib/postgresql/*/bin',
    '/opt/homebrew/opt/postgresql*/bin',
    '/usr/local/opt/postgresql*/bin',
    '/opt/homebrew/bin',
    '/usr/local/bin',
  ],
};

/** The connection pooler of PostgreSQL. Debian has it where only root looks for programs. */
export const pgBouncerBinary: Binary = {
  files: ['pgbouncer'],
  folders: [
    '/usr/sbin',
    '/opt/homebrew/opt/pgbouncer/bin',
    '/usr/local/opt/pgbouncer/bin',
    '/opt/homebrew/bin',
    '/usr/local/bin',
  ],
};

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The folders that a pattern stands for, the newest version first (`17` before `9.6`). */
function expand(pattern: string): string[] {
  const parts = pattern.split('/');
  const star = parts.findIndex((part) => part.includes('*'));
  if (star === -1) return [pattern];
  const [before = '', after = ''] = parts[star]!.split('*');
  const parent = parts.slice(0, star).join('/');
  return entries(parent)
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join(parent, name, ...parts.slice(star + 1)));
}

/** The full path of the program of `binary`, or `undefined` where it is not installed. */
export function findBinary(
  { files, folders }: Binary,
  path: string = process.env['PATH'] ?? '',
): string | undefined {
  const candidates = [...path.split(delimiter).filter(Boolean), ...folders.flatMap(expand)];
  const home = candidates.find((folder) => files.every((file) => executable(join(folder, file))));
  return home === undefined ? undefined : join(home, files[0]!);
}

/** The full path of `redis-server`, or `undefined`. */
export function findRedisServer(): string | undefined {
  return findBinary(redisBinary);
}

/** The folder that holds `postgres` and `initdb`, or `undefined`. */
export function findPostgresFolder(): string | undefined {
  const file = findBinary(postgresBinary);
  return file === undefined ? undefined : dirname(file);
}

/** The full path of `pgbouncer`, or `undefined`. */
export function findPgBouncer(): string | undefined {
  return findBinary(pgBouncerBinary);
}
