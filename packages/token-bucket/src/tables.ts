import type { BucketDefinition } from './store.js';

/** The slots of one limit's keys. */
export interface Table {
  /** The name of the bucket that the limit belongs to. */
  readonly bucket: string;
  /** The slot of each key. */
  readonly slots: Map<string, number>;
}

/** Finds the tables of a bucket: buckets of one name share them, whatever their limits are. */
export interface Tables {
  of(bucket: BucketDefinition): readonly Table[];
}

/** Creates the tables of a store. There are as many as limits of different names. */
export function createTables(): Tables {
  const byName = new Map<string, Table>();
  const byBucket = new WeakMap<BucketDefinition, readonly Table[]>();
  // Whoever asks twice in a row, as most do, is spared the look-up.
  let lastBucket: BucketDefinition | undefined;
  let lastTables: readonly Table[] = [];

  function open(bucket: BucketDefinition): readonly Table[] {
    const opened = bucket.limits.map(({ name }) => {
      const id = JSON.stringify([bucket.name, name]);
      const table = byName.get(id) ?? { bucket: bucket.name, slots: new Map() };
      byName.set(id, table);
      return table;
    });
    byBucket.set(bucket, opened);
    return opened;
  }

  return {
    of(bucket) {
      if (bucket !== lastBucket) {
        lastTables = byBucket.get(bucket) ?? open(bucket);
        lastBucket = bucket;
      }
      return lastTables;
    },
  };
}
