import { isForgotten, settle, tokensIn } from './bucket.js';
import type { Slots } from './slots.js';
import type { Evicted } from './store.js';

/** Makes room for new keys. */
export interface Room {
  /** Makes room for one key, and says what had to go for it. */
  make(nowMs: number): Evicted | undefined;
}

/** Levels looked at for each new key, so that full buckets are forgotten as fast as others come. */
const forgetPerKey = 2;
/** Levels compared when one of them has to go. */
const evictionSample = 8;

/**
 * Creates what keeps the slots within `maxKeys`. A hand goes round the slots, a few at each new
 * key: it forgets what is full, and at the bound drops the fullest of the few that it has passed.
 * No call looks at all keys.
 */
export function createRoom(slots: Slots, maxKeys: number): Room {
  let hand = 0;

  /** Passes one slot; returns its share of a full bucket, or undefined if it was forgotten. */
  function pass(nowMs: number): number | undefined {
    hand = hand < slots.size ? hand : 0;
    const level = slots.level(hand);
    if (isForgotten(level, nowMs)) {
      slots.remove(hand);
      return undefined;
    }
    hand += 1;
    return settle(level, level.limit, nowMs).units / level.limit.fullUnits;
  }

  function evict(slot: number, nowMs: number): Evicted {
    const level = slots.level(slot);
    const { limit } = level;
    const remaining = tokensIn(settle(level, limit, nowMs));
    const evicted = {
      name: slots.table(slot).bucket,
      key: slots.key(slot),
      limit: limit.name,
      remaining,
    };
    slots.remove(slot);
    return evicted;
  }

  return {
    make(nowMs) {
      if (slots.size < maxKeys) {
        for (let i = 0; i < forgetPerKey && slots.size > 0; i += 1) pass(nowMs);
        return undefined;
      }
      let fullest = -1;
      let largestShare = -1;
      for (let i = 0; i < evictionSample; i += 1) {
        const share = pass(nowMs);
        if (share === undefined) return undefined;
        if (share > largestShare) {
          fullest = hand - 1;
          largestShare = share;
        }
      }
      return evict(fullest, nowMs);
    },
  };
}
