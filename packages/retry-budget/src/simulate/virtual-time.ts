import type { Clock } from '@gabion/clock';
import { createAgenda } from './agenda.js';

/** Time that jumps from one thing that happens to the next; nothing is waited for. */
export interface VirtualTime {
  /** What everyone measures and sleeps on. It begins at 0, on both clocks. */
  readonly clock: Clock;
  /** Makes something happen at an instant: now, if that is over. */
  at(atMs: number, happen: () => void): void;
  /** Lets time pass until nothing is left to happen, or `isOver` says so. */
  run(isOver: () => boolean): Promise<void>;
}

/** Creates virtual time. */
export function createVirtualTime(): VirtualTime {
  const agenda = createAgenda();
  let now = 0;
  const add = (atMs: number, happen: () => void) => agenda.add(Math.max(now, atMs), happen);

  return {
    clock: {
      now: () => now,
      wallNow: () => now,
      sleep: (ms, { signal } = {}) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason);
          const wake = () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          };
          const waking = add(now + ms, wake);
          const abort = () => {
            waking.happen = undefined;
            reject(signal?.reason);
          };
          signal?.addEventListener('abort', abort, { once: true });
        }),
    },
    at: (atMs, happen) => void add(atMs, happen),
    async run(isOver) {
      while (!isOver()) {
        const next = agenda.next();
        if (next === undefined) return;
        now = next.atMs;
        next.happen?.();
        // Whoever woke up goes on until it waits again: all promises have settled by then.
        await turn();
      }
    },
  };
}

/** What of a message channel is used; Node's types do not know the browsers' way. */
interface Channel {
  readonly port1: { onmessage: (() => void) | null; close(): void };
  readonly port2: { postMessage(message: unknown): void };
}

/**
 * Waits for a turn of the event loop. The function is taken when this module is loaded, so that
 * timers that a test fakes later do not stop a simulation.
 */
const turn = createTurn();

function createTurn(): () => Promise<void> {
  const { setImmediate } = globalThis;
  if (typeof setImmediate === 'function') {
    return () => new Promise((resolve) => void setImmediate(resolve));
  }
  // Browsers and edge workers. Their timers would do, but take four milliseconds each.
  const { MessageChannel } = globalThis as unknown as { MessageChannel: new () => Channel };
  return () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
}
