import { type SpawnOptions, spawn } from 'node:child_process';

/** How a child process ended. */
export interface Ending {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly tookMs: number;
}

/** The longest that a command may take unless it says otherwise. */
const defaultTimeoutMs = 300_000;

/** How long a command that is told to end may take to stop what it started. */
const graceMs = 5_000;

/**
 * Runs a command to its end, which comes at the latest after `timeoutMs`. The command leads a
 * process group of its own, so that what it started ends with it.
 */
export function run(
  command: string,
  args: readonly string[],
  { timeoutMs = defaultTimeoutMs, ...options }: SpawnOptions & { timeoutMs?: number } = {},
): Promise<Ending> {
  const startedAtMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
    const endGroup = (signal: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // The group has ended by itself, which is all that was wanted.
      }
    };
    let killer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup('SIGTERM');
      killer = setTimeout(() => {
        endGroup('SIGKILL');
        // Whoever left the group may still hold our ends of the pipes; they are not waited for.
        child.stdout.destroy();
        child.stderr.destroy();
      }, graceMs);
    }, timeoutMs);
    const interrupted = () => {
      endGroup('SIGTERM');
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    const settle = () => {
      clearTimeout(timer);
      clearTimeout(killer);
      if (timedOut) endGroup('SIGKILL');
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (status) => {
      settle();
      const tookMs = performance.now() - startedAtMs;
      resolve({ status, stdout, stderr, timedOut, tookMs });
    });
  });
}
