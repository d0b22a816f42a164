import type { Clock } from '@gabion/clock';
import type { Limit } from './limit.js';
import type { Allowed } from './result.js';
import type { Slots } from './slots.js';
import type { BucketDefinition, BucketStore } from './store.js';
import type { Table } from './tables.js';

/**
 * The common case of `takeSync` in one function: one limit, a key that is known and has the
 * tokens. It answers what the long way would, in half the time, for it makes nothing but the
 * answer; every other case is `undefined`, and goes the long way.
 */
export type FastLane = (key: string, cost: number) => Allowed | undefined;

/** By the store itself, so that a store wrapped around another never leads past the wrapping. */
const lanes = new WeakMap<BucketStore, (bucket: BucketDefinition) => FastLane | undefined>();

/** Offers fast lanes to the buckets of a store. */
export function offerFastLanes(
  store: BucketStore,
  open: (bucket: BucketDefinition) => FastLane | undefined,
): void {
  lanes.set(store, open);
}

/** Opens the fast lane of a bucket, where its store offers one. */
export function openFastLane(store: BucketStore, bucket: BucketDefinition): FastLane | undefined {
  return lanes.get(store)?.(bucket);
}

/** Creates the fast lane of a bucket with one limit. */
export function createFastLane(limit: Limit, table: Table, slots: Slots, clock: Clock): FastLane {
  const { name, capacity, windowMs, unitsPerToken, unitsPerMs, fullUnits } = limit;
  return (key, cost) => {
    const slot = table.slots.get(key);
    if (slot === undefined) return undefined;
    const atMs = Math.floor(clock.wallNow());
    const left = slots.takeInPlace(slot, limit, cost, atMs);
    if (left === -1) return undefined;
    const remaining = Math.floor(left / unitsPerToken);
    const resetAfterMs = Math.ceil((fullUnits - left) / unitsPerMs);
    return {
      allowed: true,
      remaining,
      limit: capacity,
      policy: name,
      resetAfterMs,
      limits: [{ name, capacity, windowMs, remaining, resetAfterMs }],
      source: 'store',
      degraded: false,
      atMs,
    };
  };
}
