import type { Terms } from './terms.js';

/** The least that a limiter must be able to say. */
export interface Decision {
  /** Whether the request may go on. */
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
  /** How long to wait before the next try, in milliseconds; 0 when allowed. */
  readonly retryAfterMs: number;
  /** How long until the bucket is full again, in milliseconds. */
  readonly resetAfterMs: number;
}

/**
 * The floor: the generic cell rate algorithm (ITU-T I.371) over a `Map`, as a careful engineer
 * writes it for speed alone. One number per key, the theoretical arrival time in whole
 * microseconds; two look-ups, no validation, no eviction, no events, no second limit.
 */
export function createFloor({ capacity, tokens, everyMs }: Terms): (key: string) => Decision {
  const intervalUs = (everyMs * 1_000) / tokens;
  const toleranceUs = intervalUs * capacity;
  if (!Number.isInteger(intervalUs) || !Number.isSafeInteger(toleranceUs + Date.now() * 2_000)) {
    throw new RangeError('createFloor: this limit cannot be counted in whole microseconds');
  }
  const arrivals = new Map<string, number>();
  return (key) => {
    const nowUs = Date.now() * 1_000;
    const known = arrivals.get(key);
    const arrivalUs = known === undefined || known < nowUs ? nowUs : known;
    const nextUs = arrivalUs + intervalUs;
    const roomUs = nowUs + toleranceUs - nextUs;
    if (roomUs < 0) {
      return {
        allowed: false,
        remaining: 0,
        retryAfterMs: Math.ceil(-roomUs / 1_000),
        resetAfterMs: Math.ceil((arrivalUs - nowUs) / 1_000),
      };
    }
    arrivals.set(key, nextUs);
    return {
      allowed: true,
      remaining: Math.floor(roomUs / intervalUs),
      retryAfterMs: 0,
      resetAfterMs: Math.ceil((nextUs - nowUs) / 1_000),
    };
  };
}
