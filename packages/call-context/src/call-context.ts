/** A value that follows a call through its awaits, timers and callbacks. */
export interface CallContext<T> {
  /**
   * Whether this runtime can follow a call. Where it cannot, `run` only calls and `current` is
   * always `undefined`: whoever relies on the context must say what is lost then.
   */
  readonly supported: boolean;
  /** Calls `fn` with `value` as the current one for it and all it starts; returns its result. */
  run<R>(value: T, fn: () => R): R;
  /** The value of the innermost `run` around this call, or `undefined` outside all of them. */
  current(): T | undefined;
}

/** The part of `AsyncLocalStorage` that is used here. */
interface Storage<T> {
  run<R>(value: T, fn: () => R): R;
  getStore(): T | undefined;
}

interface AsyncHooks {
  readonly AsyncLocalStorage: new <T>() => Storage<T>;
}

/**
 * Creates a context. It is kept by `AsyncLocalStorage`, found without an import, so that the same
 * file loads in browsers and edge workers that have none: by `process.getBuiltinModule` (Node
 * from 20.16, Deno, Bun), else as a global where a runtime offers one.
 */
export function createCallContext<T>(): CallContext<T> {
  const AsyncLocalStorage = findAsyncLocalStorage();
  if (AsyncLocalStorage === undefined) {
    return Object.freeze({
      supported: false,
      run: <R>(_value: T, fn: () => R) => fn(),
      current: () => undefined,
    });
  }
  const storage = new AsyncLocalStorage<T>();
  return Object.freeze({
    supported: true,
    run: <R>(value: T, fn: () => R) => storage.run(value, fn),
    current: () => storage.getStore(),
  });
}

function findAsyncLocalStorage(): AsyncHooks['AsyncLocalStorage'] | undefined {
  const { process, AsyncLocalStorage } = globalThis as {
    process?: { getBuiltinModule?(name: string): unknown };
    AsyncLocalStorage?: AsyncHooks['AsyncLocalStorage'];
  };
  const hooks = process?.getBuiltinModule?.('async_hooks') as AsyncHooks | undefined;
  return hooks?.AsyncLocalStorage ?? AsyncLocalStorage;
}
