import type { Level } from './bucket.js';
import type { Limit } from './limit.js';
import type { Table } from './tables.js';

/**
 * Levels in columns rather than in objects: a million of them cost about half the memory, and a
 * write allocates nothing. Slots 0 to `size − 1` are in use; the last one moves into a gap.
 */
export interface Slots {
  /** How many levels there are. */
  readonly size: number;
  /** The level in a slot. */
  level(slot: number): Level;
  /** The key of the level in a slot. */
  key(slot: number): string;
  /** The table that the key of a slot is in. */
  table(slot: number): Table;
  /** Gives a slot to a key that has none. */
  add(table: Table, key: string, level: Level): void;
  /** Writes another level to a slot. */
  rewrite(slot: number, level: Level): void;
  /**
   * The units in a slot at an instant, in the common case: the same limit, no lag, the clock not
   * behind; −1 in any other. This is `settle` once more, without an object.
   */
  unitsAt(slot: number, limit: Limit, nowMs: number): number;
  /** Writes what is left to a slot whose limit stays and which has no lag. */
  leave(slot: number, units: number, nowMs: number): void;
  /** Empties a slot. */
  remove(slot: number): void;
}

/** Creates empty slots that grow by doubling. */
export function createSlots(): Slots {
  let numbers = new Float64Array(3 * 16);
  const limits: Limit[] = [];
  const keys: string[] = [];
  const tables: Table[] = [];

  function put(slot: number, { units, atMs, lagMs, limit }: Level): void {
    const at = slot * 3;
    numbers[at] = units;
    numbers[at + 1] = atMs;
    numbers[at + 2] = lagMs;
    limits[slot] = limit;
  }

  function level(slot: number): Level {
    const at = slot * 3;
    return {
      units: numbers[at] as number,
      atMs: numbers[at + 1] as number,
      lagMs: numbers[at + 2] as number,
      limit: limits[slot] as Limit,
    };
  }

  return {
    get size() {
      return keys.length;
    },
    level,
    key: (slot) => keys[slot] as string,
    table: (slot) => tables[slot] as Table,
    add(table, key, level) {
      const slot = keys.length;
      if (slot * 3 === numbers.length) {
        const wider = new Float64Array(numbers.length * 2);
        wider.set(numbers);
        numbers = wider;
      }
      keys.push(key);
      tables.push(table);
      table.slots.set(key, slot);
      put(slot, level);
    },
    rewrite: put,
    unitsAt(slot, limit, nowMs) {
      const at = slot * 3;
      const elapsedMs = nowMs - (numbers[at + 1] as number);
      if (elapsedMs < 0 || limits[slot] !== limit || numbers[at + 2] !== 0) return -1;
      return Math.min(limit.fullUnits, (numbers[at] as number) + elapsedMs * limit.unitsPerMs);
    },
    leave(slot, units, nowMs) {
      numbers[slot * 3] = units;
      numbers[slot * 3 + 1] = nowMs;
    },
    remove(slot) {
      const last = keys.length - 1;
      (tables[slot] as Table).slots.delete(keys[slot] as string);
      if (slot !== last) {
        put(slot, level(last));
        keys[slot] = keys[last] as string;
        tables[slot] = tables[last] as Table;
        (tables[slot] as Table).slots.set(keys[slot] as string, slot);
      }
      keys.pop();
      tables.pop();
      limits.pop();
    },
  };
}
