/** What is used of two packages that come without types, or that hide them from Node's resolution. */

declare module 'redlock-4' {
  import type { EventEmitter } from 'node:events';
  import type { Redis } from 'ioredis';

  /** A lock of redlock 4. */
  interface Lock {
    readonly expiration: number;
    unlock(): PromiseLike<void>;
    extend(ms: number): PromiseLike<Lock>;
  }

  class Redlock extends EventEmitter {
    constructor(
      clients: readonly Redis[],
      options?: { retryCount?: number; retryDelay?: number; retryJitter?: number },
    );
    lock(resource: string, ms: number): PromiseLike<Lock>;
  }

  export default Redlock;
}

declare module 'redlock-5' {
  import type { EventEmitter } from 'node:events';
  import type { Redis } from 'ioredis';

  /** A lock of redlock 5. */
  interface Lock {
    readonly expiration: number;
    release(): Promise<unknown>;
    extend(ms: number): Promise<Lock>;
  }

  class Redlock extends EventEmitter {
    constructor(
      clients: Iterable<Redis>,
      settings?: {
        retryCount?: number;
        retryDelay?: number;
        retryJitter?: number;
        automaticExtensionThreshold?: number;
      },
    );
    acquire(resources: string[], ms: number): Promise<Lock>;
    using<T>(
      resources: string[],
      ms: number,
      routine: (signal: AbortSignal) => Promise<T>,
    ): Promise<T>;
  }

  export default Redlock;
}
