import type { Clock } from '@gabion/clock';
import type { Limit } from './limit.js';
import type { Refused, TakeResult } from './result.js';
import type { Slots } from './slots.js';
import type { BucketDefinition, BucketStore } from './store.js';
import type { Table } from './tables.js';

/**
 * The common case of `takeSync` in one function: one limit, a key that is known, nothing unusual
 * about its level. It answers what the long way would, in half the time, for it makes nothing but
 * the answer; every other case is `undefined`, and goes the long way.
 */
export type FastLane = (key: string, cost: number) => TakeResult | undefined;

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

  function refuse(units: number, cost: number, atMs: number): Refused {
    const remaining = Math.floor(units / unitsPerToken);
    const resetAfterMs = Math.ceil((fullUnits - units) / unitsPerMs);
    return {
      allowed: false,
      remaining,
      limit: capacity,
      policy: name,
      resetAfterMs,
      limits: [{ name, capacity, windowMs, remaining, resetAfterMs }],
      retryAfterMs: Math.ceil((cost * unitsPerToken - units) / unitsPerMs),
      violated: [name],
      source: 'store',
      degraded: false,
      atMs,
    };
  }

  return (key, cost) => {
    const slot = table.slots.get(key);
    if (slot === undefined || cost > capacity) return undefined;
    const atMs = Math.floor(clock.wallNow());
    const units = slots.unitsAt(slot, limit, atMs);
    if (units === -1) return undefined;
    const left = units - cost * unitsPerToken;
    if (left < 0) return refuse(units, cost, atMs);
    slots.leave(slot, left, atMs);
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
