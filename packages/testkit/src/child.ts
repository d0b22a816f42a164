import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { familyOf, killProcess, signalAll, type Ward } from './ending.mjs';
import type { Guard } from './reaper.js';

/** A program to run. */
export interface Command {
  /** The program. */
  readonly file: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Its whole environment. @defaultValue that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** The folder it runs in. @defaultValue that of this process */
  readonly cwd?: string;
  /** The user and group it runs as, which only root may choose. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Its standard streams. */
  readonly stdio: StdioOptions;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
  /** The exit code, or `null` after a signal. */
  readonly code: number | null;
  /** The signal, or `null` after a code. */
  readonly signal: NodeJS.Signals | null;
}

/** A running child under the watcher's eye. */
export interface Child {
  /** The process, with its streams. */
  readonly process: ChildProcess;
  /** Its id. */
  readonly pid: number;
  /** Whether it has not ended yet, as far as this process was told. */
  readonly running: boolean;
  /** Resolves when it has ended, however it did. */
  readonly exited: Promise<Exit>;
  /** Sends a signal, to its descendants too where the ward is a family. */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, also when it is stopped; resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a child in a session of its own, so that a Ctrl-C at the terminal leaves the order of
 * ending to us, and puts it under the watch of `watch` together with what `ward` holds already.
 * When it ends, it is taken out of the ward, so that its id is never killed a second time.
 *
 * @throws Error when the program cannot be started.
 */
export function spawnChild(command: Command, watch: Guard, ward: Ward = {}): Child {
  const { file, args, stdio, owner } = command;
  const child = spawn(file, args, {
    detached: true,
    stdio,
    cwd: command.cwd,
    env: command.env ?? process.env,
    ...owner,
  });
  const { pid } = child;
  if (pid === undefined) {
    child.once('error', () => undefined);
    throw new Error(`${file} cannot be started`);
  }
  watch.update({ ...ward, pid });
  const running = () => child.exitCode === null && child.signalCode === null;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      watch.update({ ...ward, pid: undefined });
      resolve({ code, signal });
    });
  });
  // A message to a child that is going is no reason to end this process.
  child.on('error', () => undefined);
  const family = ward.family ?? false;
  return {
    process: child,
    pid,
    exited,
    get running() {
      return running();
    },
    signal(signal) {
      if (running()) signalAll(family ? familyOf(pid) : [pid], signal);
    },
    async kill() {
      if (running()) await killProcess({ pid, family });
      // The wait is on an event, which alone would not keep this process alive.
      child.ref();
      await exited;
    },
  };
}
