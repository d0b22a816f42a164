import { type Clock, systemClock } from '@gabion/clock';
import { requireInteger } from '@gabion/contract';
import { drain, isForgotten, type Level, msUntilFull, settle, tokensIn } from './bucket.js';
import type { Limit } from './limit.js';
import { createSlots, type Table } from './slots.js';
import type { BucketDefinition, Evicted, SyncBucketStore, TakeRequest, Verdict } from './store.js';
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

/** Levels looked at for each new key, so that full buckets are forgotten as fast as others come. */
const forgetPerKey = 2;
/** Levels compared when one of them has to go. */
const evictionSample = 8;

/**
 * Creates a store in this process: the reference that the others are measured against, and a
 * product. It keeps what is not full, at most `maxKeys` levels, and starts no timer.
 *
 * @throws TypeError | RangeError when `maxKeys` is not a whole number of at least 1.
 */
export function memoryBucketStore(options: MemoryBucketStoreOptions = {}): SyncBucketStore {
  const { maxKeys = defaults.maxKeys, clock = systemClock } = options;
  requireInteger('memoryBucketStore', 'maxKeys', maxKeys, { min: 1 });
  const slots = createSlots();
  const names = new Map<string, Table>();
  const owners = new Map<Table, string>();
  const tables = new WeakMap<BucketDefinition, Table[]>();
  let lastBucket: BucketDefinition | undefined;
  let lastTables: Table[] = [];
  let hand = 0;

  /** The tables of a bucket: buckets of one name share them, whatever their limits are. */
  function tablesOf(bucket: BucketDefinition): Table[] {
    if (bucket !== lastBucket) {
      lastTables = tables.get(bucket) ?? openTables(bucket);
      lastBucket = bucket;
    }
    return lastTables;
  }

  function openTables(bucket: BucketDefinition): Table[] {
    const opened = bucket.limits.map(({ name }) => {
      const id = JSON.stringify([bucket.name, name]);
      const table = names.get(id) ?? new Map();
      names.set(id, table);
      owners.set(table, bucket.name);
      return table;
    });
    tables.set(bucket, opened);
    return opened;
  }

  /** Makes room for one key: forgets what is full, and at the bound drops what is fullest. */
  function makeRoom(nowMs: number): Evicted | undefined {
    const isAtBound = slots.size >= maxKeys;
    let fullest = -1;
    let fullestShare = -1;
    for (let looked = isAtBound ? evictionSample : forgetPerKey; looked > 0; looked -= 1) {
      if (slots.size === 0) return undefined;
      hand = hand < slots.size ? hand : 0;
      const kept = slots.level(hand);
      if (isForgotten(kept, nowMs)) {
        slots.remove(hand);
        if (isAtBound) return undefined;
        continue;
      }
      const share = settle(kept, kept.limit, nowMs).units / kept.limit.fullUnits;
      if (share > fullestShare) {
        fullest = hand;
        fullestShare = share;
      }
      hand += 1;
    }
    if (!isAtBound) return undefined;
    const { limit } = slots.level(fullest);
    const evicted = {
      name: owners.get(slots.table(fullest)) as string,
      key: slots.key(fullest),
      limit: limit.name,
      remaining: tokensIn(settle(slots.level(fullest), limit, nowMs)),
    };
    slots.remove(fullest);
    return evicted;
  }

  function write(table: Table, key: string, level: Level, nowMs: number): Evicted | undefined {
    const slot = table.get(key);
    const isFull = level.units === level.limit.fullUnits && isForgotten(level, nowMs);
    if (slot !== undefined) {
      if (isFull) slots.remove(slot);
      else slots.rewrite(slot, level);
      return undefined;
    }
    if (isFull) return undefined;
    const evicted = makeRoom(nowMs);
    slots.add(table, key, level);
    return evicted;
  }

  /** The case of one limit, written out: no array is walked, and none grows. */
  function takeFromOne(table: Table, { bucket, keys, cost, commit }: TakeRequest): Verdict {
    const atMs = Math.floor(clock.wallNow());
    const limit = bucket.limits[0] as Limit;
    const key = keys[0] as string;
    const slot = table.get(key);
    if (slot !== undefined && commit && cost > 0) {
      const left = slots.takeInPlace(slot, limit, cost, atMs);
      if (left !== -1) {
        const resetAfterMs = Math.ceil((limit.fullUnits - left) / limit.unitsPerMs);
        return { allowed: true, atMs, limits: [standing(limit, left, resetAfterMs)] };
      }
    }
    const found = slot === undefined ? undefined : slots.level(slot);
    const settled = settle(found, limit, atMs);
    const allowed = tokensIn(settled) >= cost;
    if (allowed && commit && cost !== 0) {
      const after = drain(settled, cost);
      const evicted = write(table, key, after, atMs);
      const limits = [standing(limit, after.units, msUntilFull(after, atMs))];
      return { allowed, atMs, limits, evicted: evicted && [evicted] };
    }
    const limits = [standingBefore(found, settled, atMs)];
    if (allowed) return { allowed, atMs, limits };
    return { allowed, atMs, limits, retryAfterMs: [retryAfter(found, settled, cost, atMs)] };
  }

  function takeFromAll(tables: Table[], { bucket, keys, cost, commit }: TakeRequest): Verdict {
    const atMs = Math.floor(clock.wallNow());
    const found = tables.map((table, i) => {
      const slot = table.get(keys[i] as string);
      return slot === undefined ? undefined : slots.level(slot);
    });
    const settled = bucket.limits.map((limit, i) => settle(found[i], limit, atMs));
    const allowed = settled.every((level) => tokensIn(level) >= cost);
    if (allowed && commit && cost !== 0) {
      const evicted: Evicted[] = [];
      const limits = settled.map((level, i) => {
        const after = drain(level, cost);
        const dropped = write(tables[i] as Table, keys[i] as string, after, atMs);
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

  function takeSync(request: TakeRequest): Verdict {
    const tables = tablesOf(request.bucket);
    return tables.length === 1
      ? takeFromOne(tables[0] as Table, request)
      : takeFromAll(tables, request);
  }

  return { takeSync, take: async (request) => takeSync(request), keepsDeadlines: true };
}
