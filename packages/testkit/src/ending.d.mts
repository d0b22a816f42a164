/** What is to be ended: a process, and a folder that goes with it. */
export interface Ward {
  /** The process, as long as it runs. */
  readonly pid?: number | undefined;
  /** Whether its descendants are ended with it, as a PostgreSQL server's must. */
  readonly family?: boolean | undefined;
  /** The folder to delete afterwards. */
  readonly dir?: string | undefined;
}

/** The process and all its descendants, parents before children. */
export function familyOf(pid: number): number[];

/** Whether the process exists and is no zombie. */
export function isRunning(pid: number): boolean;

/** Sends `signal` to each of the processes that still exist. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void;

/** Ends a process with SIGKILL, also a stopped one, and waits until it is gone. */
export function killProcess(ward: { pid: number; family?: boolean | undefined }): Promise<void>;

/** Kills the process, gives its shared memory back, and deletes the folder. */
export function end(ward: Ward): Promise<void>;
