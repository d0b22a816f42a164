import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The collector of a process that was started without `--expose-gc`. */
function exposed(): NodeJS.GCFunction {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as NodeJS.GCFunction;
}

const gc = globalThis.gc ?? exposed();

/** Collects all garbage, so that no candidate pays for that of another. */
export function collectGarbage(): void {
  gc();
}

/** What is reachable in this process, in bytes: the heap, and what lies outside of it. */
export function bytesInUse(): number {
  // The first collection may leave what only a finalizer frees; the second one takes it.
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
