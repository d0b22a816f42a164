import type { Limit } from './limit.js';

/**
 * The pure core: what a bucket holds, as a function of what it held, the limit and the instant.
 * Every number is an integer. Products that are kept stay below 2^53; a quotient of two integers
 * below 2^53 is an integer in floating point only if it is one, so `ceil` and `floor` are exact.
 *
 * The algorithm is the token bucket as a meter (RFC 2697; ITU-T I.371 calls the same machine the
 * continuous-state leaky bucket), with the refill settled at each look.
 */
export interface Level {
  /** What was left at `atMs`, in units of `limit`. */
  readonly units: number;
  /** The latest instant that was ever seen; refill is counted from here. */
  readonly atMs: number;
  /** How long the level is kept after it is full; 0 unless a limit has changed (`convert`). */
  readonly lagMs: number;
  /** The limit that the level was written under. */
  readonly limit: Limit;
}

/** The level of a bucket that was never taken from, or was forgotten: full. */
export function fullLevel(limit: Limit, nowMs: number): Level {
  return { units: limit.fullUnits, atMs: nowMs, lagMs: 0, limit };
}

/** What the bucket holds at `nowMs` under `limit`. A clock that is behind refills nothing. */
export function settle(level: Level | undefined, limit: Limit, nowMs: number): Level {
  if (level === undefined) return fullLevel(limit, nowMs);
  const settled = nowMs > level.atMs ? refill(level, nowMs) : level;
  if (level.limit === limit || sameLimit(level.limit, limit)) return settled;
  return isForgotten(settled, nowMs) ? fullLevel(limit, nowMs) : convert(settled, limit);
}

function refill(level: Level, nowMs: number): Level {
  const { units, atMs, lagMs, limit } = level;
  // After years the product is no longer exact, but it is still larger than what is missing.
  const gainedUnits = (nowMs - atMs) * limit.unitsPerMs;
  if (gainedUnits < limit.fullUnits - units) {
    return { units: units + gainedUnits, atMs: nowMs, lagMs, limit };
  }
  const keptMs = lagMs === 0 ? 0 : Math.max(0, keepUntilMs(level) - nowMs);
  return { units: limit.fullUnits, atMs: nowMs, lagMs: keptMs, limit };
}

/**
 * Carries a level over to another limit: whole tokens stay, up to the new capacity. It is kept no
 * shorter than it would have been, for a forgotten level is a full bucket again: were a bucket of
 * 100 that holds 10 forgotten as soon as a limit of 10 calls it full, the next process that still
 * has the limit of 100 would find 90 tokens that nobody waited for. The millisecond pays for
 * the rounding of the instant at which it is full.
 */
function convert(level: Level, limit: Limit): Level {
  const units = Math.min(tokensIn(level), limit.capacity) * limit.unitsPerToken;
  const lagMs = keepUntilMs(level) + 1 - fullAtMs(units, level.atMs, limit);
  return { units, atMs: level.atMs, lagMs: Math.max(0, lagMs), limit };
}

/** Whole tokens in a settled level. */
export function tokensIn({ units, limit }: Level): number {
  return Math.floor(units / limit.unitsPerToken);
}

/** Takes `cost` tokens from a settled level that has them; a negative cost gives back, to full. */
export function drain({ units, atMs, lagMs, limit }: Level, cost: number): Level {
  const left = Math.min(limit.fullUnits, units - cost * limit.unitsPerToken);
  return { units: left, atMs, lagMs, limit };
}

/** The first instant at which the level may be forgotten, since a full bucket equals none. */
export function keepUntilMs({ units, atMs, lagMs, limit }: Level): number {
  return fullAtMs(units, atMs, limit) + lagMs;
}

/** Whether nothing would change if the level were not kept. */
export function isForgotten(level: Level, nowMs: number): boolean {
  return nowMs >= keepUntilMs(level);
}

/** How long after `nowMs` a settled level is full, if nobody takes. */
export function msUntilFull({ units, atMs, limit }: Level, nowMs: number): number {
  return units === limit.fullUnits ? 0 : fullAtMs(units, atMs, limit) - nowMs;
}

/**
 * How long after `nowMs` the bucket will hold `tokens`, at most its capacity, if nobody takes:
 * exact to the millisecond. `found` is the level as it is kept, `settled` the same at `nowMs`. One
 * of another limit refills as it was written until a take rewrites it.
 */
export function msUntil(
  found: Level | undefined,
  settled: Level,
  tokens: number,
  nowMs: number,
): number {
  if (found === undefined || tokensIn(settled) >= tokens) return 0;
  const { units, atMs, limit: ruling } = found;
  if (tokens > ruling.capacity) return keepUntilMs(found) - nowMs;
  const missingUnits = tokens * ruling.unitsPerToken - units;
  return atMs + Math.ceil(missingUnits / ruling.unitsPerMs) - nowMs;
}

function fullAtMs(units: number, atMs: number, limit: Limit): number {
  return atMs + Math.ceil((limit.fullUnits - units) / limit.unitsPerMs);
}

function sameLimit(a: Limit, b: Limit): boolean {
  return (
    a.unitsPerMs === b.unitsPerMs &&
    a.unitsPerToken === b.unitsPerToken &&
    a.capacity === b.capacity
  );
}
