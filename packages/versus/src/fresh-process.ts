import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A function of another module, and its argument, which must survive JSON. */
export interface Job {
  /** The URL of the module. */
  readonly module: string;
  /** The name it exports the function by. */
  readonly name: string;
  /** What the function is called with. */
  readonly argument: unknown;
}

const child = fileURLToPath(new URL('./fresh-process-child.ts', import.meta.url));

/**
 * Runs a function in a process of its own and resolves with what it returns: no candidate finds
 * the heap, nor what the compiler has learned, as another one left it.
 *
 * @throws Error when the process fails, which has said why on stderr.
 */
export async function inFreshProcess<Result>(job: Job): Promise<Result> {
  const running = fork(child, [], {
    // What made this process understand TypeScript serves the child, too.
    execArgv: [...process.execArgv, '--expose-gc', '--disable-warning=TimeoutOverflowWarning'],
  });
  running.send(job);
  return new Promise((resolve, reject) => {
    let result: { value: Result } | undefined;
    running.on('message', (message) => {
      result = message as { value: Result };
    });
    running.on('error', reject);
    running.on('exit', (code) => {
      if (code === 0 && result !== undefined) resolve(result.value);
      else reject(new Error(`${job.name} ended with ${code} and no result`));
    });
  });
}
