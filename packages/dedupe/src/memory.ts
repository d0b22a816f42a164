import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger } from '@gabion/contract';
import { nextFence } from './core/fence.js';
import {
  claim,
  complete,
  release,
  renew,
  resolve,
  type Step,
  type Stored,
  standing,
} from './core/record.js';
import { StoreFullError } from './errors.js';
import type { RecordStore } from './store.js';

/** Options of {@link memoryRecordStore}. */
export interface MemoryRecordStoreOptions {
  /**
   * The most records kept, from 1; one more is refused, since a record that is dropped early is an
   * effect that happens twice.
   * @defaultValue 100 000
   */
  readonly maxKeys?: number | undefined;
  /**
   * The store's clock: its wall clock is what leases and retention count on.
   * @defaultValue systemClock
   */
  readonly clock?: Clock | undefined;
}

const defaults = Object.freeze({ maxKeys: 100_000 });

/**
 * Creates a store in this process: the reference that the others are held to. It protects one
 * process, and forgets with it.
 *
 * @throws TypeError | RangeError for an option that is not what it says.
 */
export function memoryRecordStore({
  maxKeys = defaults.maxKeys,
  clock = systemClock,
}: MemoryRecordStoreOptions = {}): RecordStore {
  requireInteger('memoryRecordStore', 'maxKeys', maxKeys, { min: 1 });
  const records = new Map<string, Stored>();
  /** No record that is here now ends before this instant, as far as the last sweep saw. */
  let nextEndMs = Infinity;

  const look = (id: string) => standing(records.get(id), clock.wallNow());

  function step<Answer>(id: string, { stored, answer }: Step<Answer>): Answer {
    if (stored === undefined) records.delete(id);
    else {
      records.set(id, stored);
      nextEndMs = Math.min(nextEndMs, stored.untilMs);
    }
    return answer;
  }

  function requireRoom(id: string): void {
    if (records.size < maxKeys || records.has(id)) return;
    const nowMs = clock.wallNow();
    if (nowMs >= nextEndMs) sweep(nowMs);
    if (records.size < maxKeys) return;
    throw new StoreFullError(`memoryRecordStore.claim: ${maxKeys} records are kept, the most`);
  }

  /** Forgets what has ended; a full store sweeps only when something has. */
  function sweep(nowMs: number): void {
    nextEndMs = Infinity;
    for (const [id, { untilMs }] of records) {
      if (untilMs <= nowMs) records.delete(id);
      else nextEndMs = Math.min(nextEndMs, untilMs);
    }
  }

  return {
    async claim(request) {
      requireRoom(request.id);
      const nowMs = clock.wallNow();
      const mint = (previous: number) => nextFence(previous, Math.floor(nowMs * 1_000));
      return step(request.id, claim(look(request.id), request, nowMs, mint));
    },
    async renew(request) {
      return step(request.id, renew(look(request.id), request, clock.wallNow()));
    },
    async complete(request) {
      return step(request.id, complete(look(request.id), request, clock.wallNow()));
    },
    async release({ id, fence }) {
      return step(id, release(look(id), fence));
    },
    async inspect(id) {
      return look(id);
    },
    async forget(id) {
      records.delete(id);
    },
    async resolve(request) {
      return step(request.id, resolve(look(request.id), request, clock.wallNow()));
    },
  };
}
