import { type Level, msUntil } from './bucket.js';
import type { Limit } from './limit.js';
import type { LimitStanding } from './result.js';

/** How a limit stands with so many units left and so long to go until it is full. */
export function standing(limit: Limit, units: number, resetAfterMs: number): LimitStanding {
  const { name, capacity, windowMs } = limit;
  const remaining = Math.floor(units / limit.unitsPerToken);
  return { name, capacity, windowMs, remaining, resetAfterMs };
}

/** How a limit stands while its level stays as it was found. */
export function standingBefore(
  found: Level | undefined,
  settled: Level,
  nowMs: number,
): LimitStanding {
  const { limit, units } = settled;
  return standing(limit, units, msUntil(found, settled, limit.capacity, nowMs));
}

/** When a limit gives `cost` tokens: 0 for now, `null` for never. */
export function retryAfter(
  found: Level | undefined,
  settled: Level,
  cost: number,
  nowMs: number,
): number | null {
  return cost > settled.limit.capacity ? null : msUntil(found, settled, cost, nowMs);
}
