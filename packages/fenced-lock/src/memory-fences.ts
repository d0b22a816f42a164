import { requireInteger } from '@gabion/contract';
import { StoreFullError } from './errors.js';
import type { FenceStore } from './guard.js';

/** Options of {@link memoryFenceStore}. */
export interface MemoryFenceStoreOptions {
  /** The most names with a mark, from 1; one more is refused. @defaultValue 100 000 */
  readonly maxKeys?: number | undefined;
}

const defaults = Object.freeze({ maxKeys: 100_000 });

/** Creates a store of marks in this process, for a resource that lives in it too. */
export function memoryFenceStore({
  maxKeys = defaults.maxKeys,
}: MemoryFenceStoreOptions = {}): FenceStore {
  requireInteger('memoryFenceStore', 'maxKeys', maxKeys, { min: 1 });
  const marks = new Map<string, number>();
  return {
    async advance(name, fence) {
      const highest = Math.max(marks.get(name) ?? 0, fence);
      if (marks.size >= maxKeys && !marks.has(name)) {
        throw new StoreFullError(`memoryFenceStore.advance: ${maxKeys} names have marks, the most`);
      }
      marks.set(name, highest);
      return highest;
    },
    async highest(name) {
      return marks.get(name) ?? 0;
    },
  };
}
