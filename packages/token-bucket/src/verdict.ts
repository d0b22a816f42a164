import { type Level, msUntil, msUntilFull, settle, tokensIn } from './bucket.js';
import type { Limit } from './limit.js';
import type { LimitStanding } from './result.js';

/** How a limit stands once the tokens are taken. */
export function standingAfter(after: Level, nowMs: number): LimitStanding {
  const { name, capacity, windowMs } = after.limit;
  const resetAfterMs = msUntilFull(after, nowMs);
  return { name, capacity, windowMs, remaining: tokensIn(after), resetAfterMs };
}

/** How a limit stands while the level stays as it was found. */
export function standingBefore(
  found: Level | undefined,
  limit: Limit,
  nowMs: number,
): LimitStanding {
  const { name, capacity, windowMs } = limit;
  const remaining = tokensIn(settle(found, limit, nowMs));
  const resetAfterMs = msUntil(found, limit, capacity, nowMs);
  return { name, capacity, windowMs, remaining, resetAfterMs };
}

/** When a limit gives `cost` tokens: 0 for now, `null` for never. */
export function retryAfter(
  found: Level | undefined,
  limit: Limit,
  cost: number,
  nowMs: number,
): number | null {
  return cost > limit.capacity ? null : msUntil(found, limit, cost, nowMs);
}
