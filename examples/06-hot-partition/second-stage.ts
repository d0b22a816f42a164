import { combine } from '@gabion/hash-ring/salting';
import type { Served } from './partitions.js';
import type { Route } from './routes.js';

/** What the second stage made of all parts. */
export interface Total {
  /** How many events each key has. */
  readonly counts: ReadonlyMap<string, number>;
  /** The keys of which a part is missing. */
  readonly incomplete: readonly string[];
  /** How many reads it took: one for each partition that may have a part. */
  readonly reads: number;
}

/** The parts of each partition, by key: as they came, the repeated ones too. */
function partsOf(served: ReadonlyMap<string, Served>) {
  const parts = new Map<string, { seq: number; value: number }[]>();
  for (const [partition, { answers }] of served) {
    for (const { seq, counts } of answers) {
      for (const [key, value] of counts) {
        const name = `${partition} ${key}`;
        const own = parts.get(name);
        if (own === undefined) parts.set(name, [{ seq, value }]);
        else own.push({ seq, value });
      }
    }
  }
  return parts;
}

/** Reads every part of every key from the partitions, and makes one count of them. */
export function total(
  keys: Iterable<string>,
  { seats }: Pick<Route, 'seats'>,
  served: ReadonlyMap<string, Served>,
): Total {
  const parts = partsOf(served);
  const counts = new Map<string, number>();
  const incomplete: string[] = [];
  let reads = 0;
  for (const key of keys) {
    const where = seats(key);
    reads += where.length;
    const own = where.flatMap((seat, salt) => {
      // A partition that has nothing of a key says so: that is a part, too.
      const found = parts.get(`${seat.partition} ${seat.key}`) ?? [{ seq: 0, value: 0 }];
      return found.map((part) => ({ salt, ...part }));
    });
    const { value, complete } = combine(own, (a, b) => a + b, { salts: where.length });
    if (!complete) incomplete.push(key);
    counts.set(key, value ?? 0);
  }
  return { counts, incomplete, reads };
}
