import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger } from '@gabion/contract';
import { drain, isForgotten, type Level, msUntilFull, settle, tokensIn } from './bucket.js';
import { createFastLane, offerFastLanes } from './fast-lane.js';
import type { Limit } from './limit.js';
import { createRoom, type Room } from './room.js';
import { createSlots, type Slots } from './slots.js';
import type { Evicted, SyncBucketStore, TakeRequest, Verdict } from './store.js';
import { createTables, type Table } from './tables.js';
import { retryAfter, standing, standingBefore } from './verdict.js';

/** Options of {@link memoryBucketStore}. */
export interface MemoryBucketStoreOptions {
  /**
   * The most levels kept: one for each key of each limit. At the bound the fullest of a small
   * sample is dropped and becomes a full bucket; the bucket's observer hears `evicted`.
   * @defaultValue 1 000 000
   */
  readonly maxKeys?: number | undefined;
  /** The store's clock; instants are read from `wallNow`. @defaultValue `systemClock` */
  readonly clock?: Clock | undefined;
}

const defaults = Object.freeze({ maxKeys: 1_000_000 });

/**
 * Creates a store in this process: the reference that the others are measured against, and a
 * product. It keeps what is not full, at most `maxKeys` levels, and starts no timer.
 *
 * @throws TypeError | RangeError when `maxKeys` is not a whole number of at least 1.
 */
export function memoryBucketStore(options: MemoryBucketStoreOptions = {}): SyncBucketStore {
  const { maxKeys = defaults.maxKeys, clock = systemClock } = options;
  requireInteger('memoryBucketStore', 'maxKeys', maxKeys, { min: 1 });
  const tables = createTables();
  const slots = createSlots();
  const shelf: Shelf = { slots, room: createRoom(slots, maxKeys) };

  function takeSync(request: TakeRequest): Verdict {
    const atMs = Math.floor(clock.wallNow());
    const asked = tables.of(request.bucket);
    return asked.length === 1
      ? takeFromOne(shelf, asked[0] as Table, request, atMs)
      : takeFromAll(shelf, asked, request, atMs);
  }

  const take = async (request: TakeRequest) => takeSync(request);
  const store: SyncBucketStore = { takeSync, take, keepsDeadlines: true };
  offerFastLanes(store, (bucket) => {
    const [table, another] = tables.of(bucket);
    if (another !== undefined) return undefined;
    return createFastLane(bucket.limits[0] as Limit, table as Table, slots, clock);
  });
  return store;
}

/** Where the levels are, and what makes room for more. */
interface Shelf {
  readonly slots: Slots;
  readonly room: Room;
}

/** The case of one limit, written out: no array is walked, and none grows. */
function takeFromOne(shelf: Shelf, table: Table, request: TakeRequest, atMs: number): Verdict {
  const { bucket, keys, cost, commit } = request;
  const limit = bucket.limits[0] as Limit;
  const key = keys[0] as string;
  const slot = table.slots.get(key);
  const found = slot === undefined ? undefined : shelf.slots.level(slot);
  const settled = settle(found, limit, atMs);
  const allowed = tokensIn(settled) >= cost;
  if (allowed && commit && cost !== 0) {
    const after = drain(settled, cost);
    const evicted = write(shelf, table, key, after, atMs);
    const limits = [standing(limit, after.units, msUntilFull(after, atMs))];
    return { allowed, atMs, limits, evicted: evicted && [evicted] };
  }
  const limits = [standingBefore(found, settled, atMs)];
  if (allowed) return { allowed, atMs, limits };
  return { allowed, atMs, limits, retryAfterMs: [retryAfter(found, settled, cost, atMs)] };
}

function takeFromAll(
  shelf: Shelf,
  tables: readonly Table[],
  { bucket, keys, cost, commit }: TakeRequest,
  atMs: number,
): Verdict {
  const found = tables.map((table, i) => {
    const slot = table.slots.get(keys[i] as string);
    return slot === undefined ? undefined : shelf.slots.level(slot);
  });
  const settled = bucket.limits.map((limit, i) => settle(found[i], limit, atMs));
  const allowed = settled.every((level) => tokensIn(level) >= cost);
  if (allowed && commit && cost !== 0) {
    const evicted: Evicted[] = [];
    const limits = settled.map((level, i) => {
      const after = drain(level, cost);
      const dropped = write(shelf, tables[i] as Table, keys[i] as string, after, atMs);
      if (dropped !== undefined) evicted.push(dropped);
      return standing(level.limit, after.units, msUntilFull(after, atMs));
    });
    return { allowed, atMs, limits, evicted };
  }
  const limits = settled.map((level, i) => standingBefore(found[i], level, atMs));
  if (allowed) return { allowed, atMs, limits };
  const retryAfterMs = settled.map((level, i) => retryAfter(found[i], level, cost, atMs));
  return { allowed, atMs, limits, retryAfterMs };
}

/** Keeps a level, unless it is full; a key that is new may cost another its place. */
function write(
  { slots, room }: Shelf,
  table: Table,
  key: string,
  level: Level,
  nowMs: number,
): Evicted | undefined {
  const slot = table.slots.get(key);
  const isFull = level.units === level.limit.fullUnits && isForgotten(level, nowMs);
  if (slot !== undefined) {
    if (isFull) slots.remove(slot);
    else slots.rewrite(slot, level);
    return undefined;
  }
  if (isFull) return undefined;
  const evicted = room.make(nowMs);
  slots.add(table, key, level);
  return evicted;
}
