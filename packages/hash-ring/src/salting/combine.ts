import { requireInteger, show } from '@gabion/contract';

/** What was made of one batch of one salt: a count, a sum, a set. */
export interface Part<Value> {
  /** Which salt it comes from, from 0. */
  readonly salt: number;
  /** Which batch of that salt it is, from 0: sent again, it has the same number. */
  readonly seq: number;
  /** What it holds. */
  readonly value: Value;
}

/** Options of {@link combine}. */
export interface CombineOptions {
  /** How many salts may have written: as many as `keysForRead` lists. */
  readonly salts: number;
}

/** All parts made one. */
export interface Combined<Value> {
  /** The merged value; `undefined` when there are no parts. */
  readonly value: Value | undefined;
  /** Whether there is a part of every salt: an empty salt has to send an empty part. */
  readonly complete: boolean;
  /** The salts of which there is no part, in order. */
  readonly missing: readonly number[];
}

/**
 * Makes one value of the parts of all salts: the second stage. A (salt, seq) that comes again
 * counts once, so parts may be sent again. Parts are merged in the order of salt, then seq, in
 * whatever order they come: a sum of fractions is the same each time.
 *
 * @param merge - Merges two values; associative, and without a side effect.
 * @throws TypeError | RangeError for a salt that is not from 0 to salts − 1, or a bad seq.
 * @example
 * ```ts
 * import { combine } from '@gabion/hash-ring/salting';
 *
 * const parts = [{ salt: 0, seq: 0, value: 5 }, { salt: 1, seq: 0, value: 7 }];
 * const sum = combine(parts, (a, b) => a + b, { salts: 3 });
 * console.log(sum); // { value: 12, complete: false, missing: [2] }
 * ```
 */
export function combine<Value>(
  parts: Iterable<Part<Value>>,
  merge: (a: Value, b: Value) => Value,
  { salts }: CombineOptions,
): Combined<Value> {
  requireInteger('combine', 'salts', salts, { min: 1, max: 2 ** 24 });
  if (typeof merge !== 'function') {
    throw new TypeError(`combine: merge must be a function, got ${show(merge)}`);
  }
  const sorted: Part<Value>[] = [];
  for (const part of parts) {
    requireInteger('combine', 'salt', part.salt, { min: 0, max: salts - 1 });
    requireInteger('combine', 'seq', part.seq, { min: 0 });
    sorted.push(part);
  }
  // Stable, so that of parts that come again the first stays the first.
  sorted.sort((a, b) => a.salt - b.salt || a.seq - b.seq);
  const missing = new Set(Array.from({ length: salts }, (_, salt) => salt));
  let last: Part<Value> | undefined;
  let value: Value | undefined;
  for (const part of sorted) {
    if (part.salt === last?.salt && part.seq === last.seq) continue;
    value = last === undefined ? part.value : merge(value as Value, part.value);
    missing.delete(part.salt);
    last = part;
  }
  return { value, complete: missing.size === 0, missing: [...missing] };
}
