import type { Answer } from './clients.js';
import type { Load } from './load.js';
import type { Decision } from './run.js';

/** The two figures of a bucket. */
export type Share = Pick<Load, 'capacity' | 'refillPerSecond'>;

/**
 * How many tokens one client got beyond capacity + rate × elapsed, in thousandths, over whichever
 * stretch of time it got most: 0 or less when the promise is kept. Reckoned on the instants of the
 * store's own clock, in whole numbers, so it is exact.
 */
export function overdraft(
  decisions: readonly Decision[],
  { capacity, refillPerSecond }: Share,
): number {
  let worst = -capacity * 1_000;
  let start = Infinity;
  let taken = 0;
  for (const { result } of decisions) {
    if (!result.allowed) continue;
    const balance = taken * 1_000 - result.atMs * refillPerSecond;
    start = Math.min(start, balance);
    taken += 1;
    worst = Math.max(worst, balance + 1_000 - start - capacity * 1_000);
  }
  return worst;
}

/** The most that one client could get between its first decision and its last. */
export function possible(
  decisions: readonly Decision[],
  { capacity, refillPerSecond }: Share,
): number {
  const [first, last] = [decisions[0], decisions.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const elapsedMs = last.result.atMs - first.result.atMs;
  return capacity + Math.floor((elapsedMs * refillPerSecond) / 1_000);
}

/** What the tries of one client say about the instants that it was told. */
export interface Tightness {
  /** Tries before the instant, which must be refused. */
  early: number;
  /** Those of them that were let in all the same. */
  earlyAllowed: number;
  /** First tries at the instant or after it, which must be let in. */
  due: number;
  /** Those of them that were refused all the same. */
  dueRefused: number;
}

/** Adds up, into `seen`, whether `retryAfterMs` was as short as can be and long enough. */
export function tightness(
  decisions: readonly Decision[],
  seen: Tightness = { early: 0, earlyAllowed: 0, due: 0, dueRefused: 0 },
): Tightness {
  let dueAtMs: number | undefined;
  for (const { result } of decisions) {
    if (dueAtMs !== undefined && result.atMs < dueAtMs) {
      seen.early += 1;
      if (result.allowed) seen.earlyAllowed += 1;
    } else if (dueAtMs !== undefined) {
      seen.due += 1;
      if (!result.allowed) seen.dueRefused += 1;
    }
    dueAtMs = result.allowed ? undefined : result.atMs + (result.retryAfterMs ?? Infinity);
  }
  return seen;
}

/** Whether a refusal says when to come back: whole seconds, at least one. */
export function saysWhen({ retryAfter }: Pick<Answer, 'retryAfter'>): boolean {
  return /^[1-9]\d*$/.test(retryAfter ?? '');
}
