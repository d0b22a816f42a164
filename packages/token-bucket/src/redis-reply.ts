import { StoreLayoutError } from '@gabion/contract';
import { type Level, msUntilFull, settle } from './bucket.js';
import type { Limit } from './limit.js';
import type { TakeRequest, Verdict } from './store.js';
import { retryAfter, standing, standingBefore } from './verdict.js';

/**
 * Makes the verdict of the script's reply; its form is described in `take.lua.ts`.
 *
 * @throws StoreLayoutError for a level that another version of this package has written.
 */
export function readReply(request: TakeRequest, reply: string): Verdict {
  const { limits } = request.bucket;
  const words = reply.split(' ');
  const [first, second] = words as [string, string];
  if (first === 'layout') {
    throw new StoreLayoutError(`redisBucketStore: a level has the layout ${second}, not 1`);
  }
  if (first === 'looked' || first === 'refused') return verdictBefore(request, words);
  const atMs = instant(first, second);
  const standings = limits.map((limit, i) => {
    const units = Number(words[2 * i + 2]);
    const after = { units, atMs: atMs + Number(words[2 * i + 3]), lagMs: 0, limit };
    return standing(limit, units, msUntilFull(after, atMs));
  });
  return { allowed: true, atMs, limits: standings };
}

/** The two words of TIME as whole milliseconds. */
function instant(seconds: string, microseconds: string): number {
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}

/** Nothing was taken: the levels are as they were found. */
function verdictBefore(
  { bucket: { limits }, cost }: TakeRequest,
  words: readonly string[],
): Verdict {
  const [decision, seconds, microseconds, ...levels] = words as [string, string, string];
  const atMs = instant(seconds, microseconds);
  const found = readLevels(limits, levels);
  const settled = limits.map((limit, i) => settle(found[i], limit, atMs));
  const standings = settled.map((level, i) => standingBefore(found[i], level, atMs));
  if (decision === 'looked') return { allowed: true, atMs, limits: standings };
  const retryAfterMs = settled.map((level, i) => retryAfter(found[i], level, cost, atMs));
  return { allowed: false, atMs, limits: standings, retryAfterMs };
}

function readLevels(limits: readonly Limit[], words: readonly string[]): (Level | undefined)[] {
  let next = 0;
  return limits.map((limit) => {
    if (words[next] === '-') {
      next += 1;
      return undefined;
    }
    const figures = words.slice(next, next + 6).map(Number);
    next += 6;
    const [units, atMs, lagMs, capacity, unitsPerToken, unitsPerMs] = figures as Figures;
    const fullUnits = capacity * unitsPerToken;
    return {
      units,
      atMs,
      lagMs,
      limit: { ...limit, capacity, unitsPerToken, unitsPerMs, fullUnits },
    };
  });
}

type Figures = [number, number, number, number, number, number];
