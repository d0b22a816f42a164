import { execFileSync } from 'node:child_process';

/** A user and group, as the system counts them. */
export interface Owner {
  /** The user's id. */
  readonly uid: number;
  /** The group's id. */
  readonly gid: number;
}

function numberOf(flag: string, user: string): number {
  // `id` knows of users outside of /etc/passwd too, where macOS and directories keep them.
  return Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }));
}

/**
 * The user that runs what refuses to run as root: `postgres` where there is one, else `nobody`;
 * `undefined` when this process is not root and so need not change.
 *
 * @throws Error when we are root and there is neither.
 */
export function unprivileged(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of ['postgres', 'nobody']) {
    try {
      return { uid: numberOf('-u', user), gid: numberOf('-g', user) };
    } catch {
      // There is no such user; the next one will do.
    }
  }
  throw new Error('this server refuses to run as root, and there is no user postgres or nobody');
}
