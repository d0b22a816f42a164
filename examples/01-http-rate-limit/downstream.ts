import { setTimeout as sleep } from 'node:timers/promises';

/** What the server leans on, a database say: a few workers, and before them a line without end. */
export interface Downstream {
  /** Waits for a worker and for its work. Resolves to whether it was done before the end. */
  work(): Promise<boolean>;
  /** How many wait in line now. */
  readonly waiting: number;
}

/** Creates a downstream that is gone when the signal is aborted. */
export function createDownstream(
  { workers, serviceMs }: { readonly workers: number; readonly serviceMs: number },
  signal: AbortSignal,
): Downstream {
  const line: (() => void)[] = [];
  let idle = workers;

  return {
    async work() {
      if (idle > 0) idle -= 1;
      else await new Promise<void>((takeTurn) => line.push(takeTurn));
      await sleep(serviceMs, undefined, { signal }).catch(() => undefined);
      const next = line.shift();
      if (next === undefined) idle += 1;
      else next();
      return !signal.aborted;
    },
    get waiting() {
      return line.length;
    },
  };
}
