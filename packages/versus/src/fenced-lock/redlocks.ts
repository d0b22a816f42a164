import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Redis } from 'ioredis';

/** What is used of redlock 4, which comes without types. */
export interface Redlock4 extends EventEmitter {
  lock(
    resource: string,
    ms: number,
  ): PromiseLike<{ readonly expiration: number; unlock(): PromiseLike<void> }>;
}

/** What is used of redlock 5, which hides its types from Node's resolution, and of its fork. */
export interface Redlock5 {
  acquire(
    resources: string[],
    ms: number,
  ): Promise<{ readonly expiration: number; release(): Promise<unknown> }>;
  using<T>(
    resources: string[],
    ms: number,
    routine: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
}

/** How often, and after how many milliseconds, a redlock asks again. */
export interface RedlockSettings {
  readonly retryCount?: number;
  readonly retryDelay?: number;
  readonly retryJitter?: number;
  readonly automaticExtensionThreshold?: number;
}

type Constructor<T> = new (clients: readonly Redis[], settings?: RedlockSettings) => T;

const require = createRequire(import.meta.url);

/** Creates a redlock 4. */
export function createRedlock4(clients: readonly Redis[], settings: RedlockSettings): Redlock4 {
  const Redlock = require('redlock-4') as Constructor<Redlock4>;
  return new Redlock(clients, settings);
}

/** Creates a redlock 5. */
export function createRedlock5(clients: readonly Redis[], settings: RedlockSettings): Redlock5 {
  const { default: Redlock } = require('redlock-5') as { default: Constructor<Redlock5> };
  return new Redlock(clients, settings);
}
