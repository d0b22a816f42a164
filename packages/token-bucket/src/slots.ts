import type { Level } from './bucket.js';
import type { Limit } from './limit.js';

/** The slots of one limit's keys. */
export type Table = Map<string, number>;

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
  /** Gives a slot to a key that has none. */
  add(table: Table, key: string, level: Level): void;
  /** Writes another level to a slot. */
  rewrite(slot: number, level: Level): void;
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
    add(table, key, level) {
      const slot = keys.length;
      if (slot * 3 === numbers.length) {
        const wider = new Float64Array(numbers.length * 2);
        wider.set(numbers);
        numbers = wider;
      }
      keys.push(key);
      tables.push(table);
      table.set(key, slot);
      put(slot, level);
    },
    rewrite: put,
    remove(slot) {
      const last = keys.length - 1;
      (tables[slot] as Table).delete(keys[slot] as string);
      if (slot !== last) {
        put(slot, level(last));
        keys[slot] = keys[last] as string;
        tables[slot] = tables[last] as Table;
        (tables[slot] as Table).set(keys[slot] as string, slot);
      }
      keys.pop();
      tables.pop();
      limits.pop();
    },
  };
}
