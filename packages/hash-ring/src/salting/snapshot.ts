import { requireInteger, requireKey, requireNumber, show } from '@gabion/contract';
import type { Weighed } from './weighing.js';

/** What one process has counted by itself, as plain JSON: what `merge` of another one takes. */
export interface HotKeysSnapshot {
  /** The layout of this record. */
  readonly layout: 1;
  /** The half-life that the weights were counted with; the same in all processes. */
  readonly halfLifeMs: number;
  /** When it was taken: milliseconds since 1970 on the wall clock of its process. */
  readonly atMs: number;
  /** The weight of everything that was recorded. */
  readonly total: number;
  /** The most that a key weighs that is not among the counters. */
  readonly unseen: number;
  /** Each key with its weight and error, the heaviest first. */
  readonly counters: readonly (readonly [key: string, weight: number, error: number])[];
}

/** What was counted, by key. */
export interface Counted {
  readonly total: number;
  readonly unseen: number;
  readonly counters: ReadonlyMap<string, Weighed>;
}

const atLeast0 = { min: 0, max: Number.MAX_VALUE };

/**
 * Checks a snapshot and keeps the heaviest `capacity` of its counters, so that a foreign one
 * cannot take more memory than one's own.
 *
 * @throws TypeError | RangeError when it is none, or was counted with another half-life.
 */
export function readSnapshot(
  fn: string,
  snapshot: HotKeysSnapshot,
  { halfLifeMs, capacity }: { readonly halfLifeMs: number; readonly capacity: number },
): Counted & { readonly atMs: number } {
  if (typeof snapshot !== 'object' || snapshot === null || !Array.isArray(snapshot.counters)) {
    throw new TypeError(`${fn}: snapshot must be a snapshot, got ${show(snapshot)}`);
  }
  requireInteger(fn, 'snapshot.layout', snapshot.layout, { min: 1, max: 1 });
  requireNumber(fn, 'snapshot.halfLifeMs', snapshot.halfLifeMs, {
    min: halfLifeMs,
    max: halfLifeMs,
  });
  const atMs = requireNumber(fn, 'snapshot.atMs', snapshot.atMs, atLeast0);
  const total = requireNumber(fn, 'snapshot.total', snapshot.total, atLeast0);
  const unseen = requireNumber(fn, 'snapshot.unseen', snapshot.unseen, atLeast0);
  const counters = snapshot.counters.map((counter, i) => readCounter(fn, counter, i));
  counters.sort((a, b) => b[1] - a[1]);
  const dropped = counters[capacity]?.[1] ?? 0;
  const kept = counters.slice(0, capacity);
  return {
    atMs,
    total,
    unseen: Math.max(unseen, dropped),
    counters: new Map(kept.map(([key, weight, error]) => [key, { weight, error }])),
  };
}

function readCounter(fn: string, counter: unknown, i: number): [string, number, number] {
  const at = `snapshot.counters[${i}]`;
  if (!Array.isArray(counter)) {
    throw new TypeError(`${fn}: ${at} must be [key, weight, error], got ${show(counter)}`);
  }
  const [key, weight, error] = counter;
  return [
    requireKey(fn, `${at}[0]`, key),
    requireNumber(fn, `${at}[1]`, weight, atLeast0),
    requireNumber(fn, `${at}[2]`, error, atLeast0),
  ];
}
