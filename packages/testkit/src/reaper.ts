import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ward } from './ending.mjs';

/** What {@link guard} answers: the hold on one ward. */
export interface Guard {
  /** Replaces what is under watch: a process was started, or ended. */
  update(ward: Ward): void;
  /** Ends the watch, after the ward was ended in good order. */
  release(): void;
}

let watcher: ChildProcess | undefined;
let lastId = 0;

/** One watcher serves this process. It is started by the first ward and ends with the process. */
function startWatcher(): ChildProcess {
  const main = fileURLToPath(new URL('./reaper-main.mjs', import.meta.url));
  const child = spawn(process.execPath, [main], {
    // In a session of its own, where a Ctrl-C at the terminal does not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    // Loaders and inspectors that this process was started with are not for the watcher.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  child.once('error', (error) => {
    throw new Error('the watcher that cleans up after a crash did not start', { cause: error });
  });
  child.stdin.on('error', () => undefined);
  child.unref();
  return child;
}

/**
 * Puts a process and its folder under watch: when this process ends before `release()`, by
 * `kill -9` even, the process under watch is killed and the folder deleted.
 *
 * It is a pipe and not an exit handler, because nothing runs in a process that is killed. The
 * lines are written synchronously, so the time between a spawn and its watch is microseconds.
 */
export function guard(ward: Ward): Guard {
  watcher ??= startWatcher();
  lastId += 1;
  const id = lastId;
  const { stdin } = watcher;
  const tell = (message: { id: number; ward?: Ward }) =>
    void stdin?.write(`${JSON.stringify(message)}\n`);
  tell({ id, ward });
  return { update: (next) => tell({ id, ward: next }), release: () => tell({ id }) };
}
