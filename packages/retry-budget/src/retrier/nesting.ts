import { type CallContext, createCallContext } from '@gabion/call-context';

/** Knows which runs are inside an attempt of another. */
export interface Nesting {
  /** Whether this is called inside an attempt whose work has not settled. */
  isInside(): boolean;
  /** Does the work of an attempt, so that the runs inside it know. */
  asAttempt<T>(work: () => T | PromiseLike<T>): Promise<T>;
}

/** The attempt that a call is inside of. */
interface Outer {
  /** Its work has settled: what it left running in the background is on its own again. */
  over: boolean;
}

/**
 * One context for the process, also where it has loaded this package twice (as ESM and as CommonJS,
 * or in two versions): retries multiply across copies just as well.
 */
const place = Symbol.for('@gabion/retry-budget nesting 1');

/** The nesting of this process; `undefined` where the runtime cannot follow a call. */
export function findNesting(): Nesting | undefined {
  const global = globalThis as { [place]?: CallContext<Outer> };
  global[place] ??= createCallContext<Outer>();
  const context = global[place];
  if (!context.supported) return undefined;
  return {
    isInside: () => context.current()?.over === false,
    asAttempt: (work) => asAttempt(context, work),
  };
}

function asAttempt<T>(context: CallContext<Outer>, work: () => T | PromiseLike<T>): Promise<T> {
  const outer: Outer = { over: false };
  const end = () => {
    outer.over = true;
  };
  try {
    const working = Promise.resolve(context.run(outer, work));
    working.then(end, end);
    return working;
  } catch (error) {
    end();
    return Promise.reject(error);
  }
}
