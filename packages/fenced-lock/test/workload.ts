import { setTimeout as pause } from 'node:timers/promises';
import { createHistory } from '@gabion/testkit';
import type { FencedLock, Lease } from '../src/index.js';
import type { LockEvent } from './history.js';

/** A guarded register: resolves when the write was accepted, rejects when it was not. */
export type GuardedWrite = (fence: number) => Promise<void>;

/** What runs while faults are called. */
export interface Workload {
  /** The locks that compete; each stands for a process. */
  readonly locks: readonly FencedLock[];
  readonly keys: readonly string[];
  readonly write: GuardedWrite;
}

/** Starts workers that acquire, look, renew, write and release until they are stopped. */
export function startWorkload({ locks, keys, write }: Workload) {
  const history = createHistory<LockEvent>();
  const stopping = new AbortController();
  let asks = 0;

  async function look(lease: Lease, mostLooks: number): Promise<void> {
    const { key, fence } = lease;
    for (let looks = 0; looks < mostLooks; looks += 1) {
      await pause(4);
      lease.assertHeld();
      history.record({ kind: 'held', key, fence });
      if (looks === 3) {
        await lease.renew();
        lease.assertHeld();
        history.record({ kind: 'renewed', key, fence });
      }
      if (looks === 5) {
        history.record({ kind: 'writing', fence });
        await write(fence).then(() => history.record({ kind: 'wrote', fence }));
      }
    }
  }

  async function work(lock: FencedLock, key: string): Promise<void> {
    asks += 1;
    const ask = asks;
    history.record({ kind: 'asked', ask });
    const lease = await lock.acquire(key, { waitMs: 400, signal: stopping.signal });
    const { fence } = lease;
    // A grant says that it is held now; one that has run out on its way to us says nothing.
    if (lease.remainingMs > 0) history.record({ kind: 'granted', ask, key, fence });
    try {
      // Every third holder goes on until it is told that it has lost.
      await look(lease, ask % 3 === 0 ? Infinity : 8);
    } finally {
      history.record({ kind: 'ended', key, fence });
      await lease.release();
    }
  }

  async function workOn(lock: FencedLock, key: string): Promise<void> {
    while (!stopping.signal.aborted) {
      // What fails under faults is not the question; what is believed is.
      await work(lock, key).catch(() => pause(5));
    }
  }

  const workers = locks.flatMap((lock) => keys.map((key) => workOn(lock, key)));
  return {
    history,
    /** How often a lock was granted so far. */
    grants: () => history.of((event) => event.kind === 'granted').length,
    async stop(): Promise<readonly LockEvent[]> {
      stopping.abort(new Error('the workload is over'));
      await Promise.all(workers);
      return history.events;
    },
  };
}
