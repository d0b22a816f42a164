/**
 * The laws of a bucket store, as data, for any test runner; and `faulty`, a store that fails by a
 * script.
 *
 * @packageDocumentation
 */
import assert from 'node:assert/strict';
import { type Fault, type FaultyOptions, faultyVerbs, type Law } from '@gabion/contract';
import { defineLimit } from './limit.js';
import { memoryBucketStore } from './memory.js';
import type { BucketStore, TakeRequest, Verdict } from './store.js';

export type { Fault, FaultyOptions, Law } from '@gabion/contract';

/** A store under test. */
export interface BucketStoreSubject {
  /** The store, empty or not: each law uses keys that no other does. */
  readonly store: BucketStore;
  /** Lets at least `ms` milliseconds pass on the store's clock. */
  advance(ms: number): Promise<void> | void;
}

/**
 * Wraps a store so that each take meets the next fault of the script: `ok`, `fail` (refused before
 * anything happens), `lost-reply` (takes effect, and its reply is lost) or `late` (takes effect,
 * and its reply comes after `lateMs`). When the script is used up, every take is `ok`.
 *
 * @param options - `lateMs`, 5 000 unless given, and the `clock` that it is measured on.
 */
export function faulty(
  store: BucketStore,
  script: readonly Fault[],
  options?: FaultyOptions,
): BucketStore {
  const take = faultyVerbs(store, ['take'], script, options).take;
  // Without `takeSync`, which would go around the faults, and without a promise of deadlines.
  return { take: (request, call) => take(request, call) };
}

let laws = 0;

/** A bucket of one law, which no other law and no other run has used. */
function newBucket(limits: Record<string, [capacity: number, tokens: number, everyMs: number]>) {
  laws += 1;
  const name = `law-${laws}-${Math.random().toString(36).slice(2)}`;
  return {
    name,
    limits: Object.entries(limits).map(([limit, [capacity, tokens, everyMs]]) =>
      defineLimit('law', { name: limit, capacity, refill: { tokens, everyMs } }),
    ),
  };
}

type Bucket = ReturnType<typeof newBucket>;

const patience = { timeoutMs: 10_000 };

function take(
  { store }: BucketStoreSubject,
  bucket: Bucket,
  cost: number,
  { key = 'k', commit = true } = {},
): Promise<Verdict> {
  const request: TakeRequest = { bucket, keys: bucket.limits.map(() => key), cost, commit };
  return store.take(request, patience);
}

const slow: [number, number] = [1, 3_600_000];

/** Laws of a single limit. */
const singleLimitLaws: Law<BucketStoreSubject>[] = [
  {
    name: 'a new key has a full bucket',
    async check(subject) {
      const bucket = newBucket({ only: [5, ...slow] });
      const looked = await take(subject, bucket, 0);
      assert.equal(looked.allowed, true);
      assert.deepEqual([looked.limits[0]?.remaining, looked.limits[0]?.resetAfterMs], [5, 0]);
      assert.equal((await take(subject, bucket, 5)).allowed, true);
      assert.equal((await take(subject, bucket, 1)).allowed, false);
    },
  },
  {
    name: 'a look takes nothing',
    async check(subject) {
      const bucket = newBucket({ only: [2, ...slow] });
      for (let i = 0; i < 5; i += 1) {
        await take(subject, bucket, 0);
        assert.equal((await take(subject, bucket, 2, { commit: false })).allowed, true);
      }
      assert.equal((await take(subject, bucket, 2)).allowed, true);
    },
  },
  {
    name: 'a refusal takes nothing',
    async check(subject) {
      const bucket = newBucket({ only: [3, ...slow] });
      await take(subject, bucket, 1);
      for (let i = 0; i < 5; i += 1) assert.equal((await take(subject, bucket, 3)).allowed, false);
      assert.equal((await take(subject, bucket, 2)).allowed, true);
    },
  },
  {
    name: 'a cost above the capacity can never be had',
    async check(subject) {
      const verdict = await take(subject, newBucket({ only: [3, ...slow] }), 4);
      assert.ok(!verdict.allowed);
      assert.deepEqual(verdict.retryAfterMs, [null]);
    },
  },
  {
    name: 'Retry-After is tight',
    async check(subject) {
      const bucket = newBucket({ only: [2, 1, 40] });
      const first = await take(subject, bucket, 2);
      let verdict = await take(subject, bucket, 1);
      // Every later look must agree with the first refusal about the instant of the next token.
      const givesAtMs = verdict.allowed
        ? first.atMs
        : verdict.atMs + (verdict.retryAfterMs[0] ?? 0);
      for (let looks = 0; !verdict.allowed && looks < 1_000; looks += 1) {
        const leftMs = verdict.retryAfterMs[0] ?? 0;
        assert.equal(verdict.atMs + leftMs, givesAtMs);
        // Asked a millisecond before it is said to give, a store that says too much gives.
        await subject.advance(Math.max(1, Math.min(7, leftMs - 1)));
        verdict = await take(subject, bucket, 1);
      }
      assert.ok(verdict.allowed && verdict.atMs >= givesAtMs);
    },
  },
  {
    name: 'what is given back can be taken again, and never more than the capacity',
    async check(subject) {
      const bucket = newBucket({ only: [4, ...slow] });
      await take(subject, bucket, 3);
      assert.equal((await take(subject, bucket, -2)).limits[0]?.remaining, 3);
      assert.equal((await take(subject, bucket, -9)).limits[0]?.remaining, 4);
      assert.equal((await take(subject, bucket, 5)).allowed, false);
      assert.equal((await take(subject, bucket, 4)).allowed, true);
    },
  },
  {
    name: 'of any number of takers at once, as many get a token as there are tokens',
    async check(subject) {
      const bucket = newBucket({ only: [10, ...slow] });
      const all = await Promise.all(Array.from({ length: 60 }, () => take(subject, bucket, 1)));
      assert.equal(all.filter((verdict) => verdict.allowed).length, 10);
    },
  },
  {
    name: 'keys of any text do not touch each other',
    async check(subject) {
      const bucket = newBucket({ only: [1, ...slow] });
      const keys = [
        'a',
        'A',
        '__proto__',
        'constructor',
        '{a}',
        '%7Ba%7D',
        'a}:only',
        'é',
        'e\u0301',
        ' ',
        '\u0000',
        '🔥',
        'a'.repeat(1_024),
      ];
      for (const key of keys) {
        assert.equal((await take(subject, bucket, 1, { key })).allowed, true, key);
      }
      for (const key of keys) {
        assert.equal((await take(subject, bucket, 1, { key })).allowed, false, key);
      }
    },
  },
];

/** Laws of several limits, of changed limits and of time. */
const otherLaws: Law<BucketStoreSubject>[] = [
  {
    name: 'several limits give all or nothing',
    async check(subject) {
      const bucket = newBucket({ wide: [9, ...slow], narrow: [2, ...slow] });
      assert.equal((await take(subject, bucket, 2)).allowed, true);
      const verdict = await take(subject, bucket, 1);
      assert.ok(!verdict.allowed);
      assert.deepEqual(
        verdict.limits.map((limit) => limit.remaining),
        [7, 0],
      );
      assert.equal(verdict.retryAfterMs[0], 0);
      assert.notEqual(verdict.retryAfterMs[1], 0);
      assert.equal((await take(subject, bucket, 0)).limits[0]?.remaining, 7);
    },
  },
  {
    name: 'a changed limit keeps whole tokens, up to its capacity',
    async check(subject) {
      const before = newBucket({ only: [10, ...slow] });
      const after = (capacity: number) => ({
        name: before.name,
        limits: newBucket({ only: [capacity, 7, 3_600_000] }).limits,
      });
      await take(subject, before, 4);
      assert.equal((await take(subject, after(50), 0)).limits[0]?.remaining, 6);
      assert.equal((await take(subject, after(50), 1)).limits[0]?.remaining, 5);
      assert.equal((await take(subject, after(3), 1)).limits[0]?.remaining, 2);
      assert.equal((await take(subject, after(50), 0)).limits[0]?.remaining, 2);
    },
  },
  {
    name: 'answers are the pure core’s for the instants that they carry',
    async check(subject) {
      const bucket = newBucket({ fast: [7, 3, 10], odd: [5, 7, 60] });
      let atMs = 0;
      const clock = { now: () => atMs, wallNow: () => atMs, sleep: async () => {} };
      const reference = memoryBucketStore({ clock });
      for (let i = 0; i < 60; i += 1) {
        const cost = (i * 5) % 7 === 6 ? -1 : (i * 5) % 4;
        const request = { bucket, keys: ['k', 'k'], cost, commit: i % 9 !== 8 };
        const verdict = await subject.store.take(request, patience);
        atMs = verdict.atMs;
        assert.deepEqual(
          { ...verdict, evicted: 0 },
          { ...reference.takeSync(request), evicted: 0 },
        );
        if (i % 5 === 4) await subject.advance(i % 17);
      }
    },
  },
];

/**
 * The laws of a bucket store. For your own store:
 * `for (const law of bucketStoreLaws) test(law.name, () => law.check({ store, advance }))`.
 */
export const bucketStoreLaws: readonly Law<BucketStoreSubject>[] = Object.freeze([
  ...singleLimitLaws,
  ...otherLaws,
]);
