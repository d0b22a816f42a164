import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jumpHash } from '../src/jump.js';
import { murmur3Text } from './murmur3-bytes.js';

/** The paper's listing (arXiv 1406.2294, figure 1), with its 64-bit integers as BigInts. */
function paper(key: bigint, buckets: number): number {
  let state = BigInt.asUintN(64, key);
  let bucket = -1;
  let next = 0;
  while (next < buckets) {
    bucket = next;
    state = BigInt.asUintN(64, state * 2862933555777941757n + 1n);
    next = Math.floor((bucket + 1) * (2 ** 31 / (Number(state >> 33n) + 1)));
  }
  return bucket;
}

/** Guava's Hashing.consistentHash: its int may overflow, and it divides once. */
function guava(key: bigint, buckets: number): number {
  let state = BigInt.asUintN(64, key);
  let candidate = 0;
  for (;;) {
    state = BigInt.asUintN(64, state * 2862933555777941757n + 1n);
    const double = ((Number(state >> 33n) + 1) | 0) / 2 ** 31;
    // A cast to int saturates.
    const next = Math.min(2 ** 31 - 1, Math.trunc((candidate + 1) / double));
    if (next < 0 || next >= buckets) return candidate;
    candidate = next;
  }
}

const anyKey = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const anyBuckets = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.integer({ min: 1, max: 2 ** 31 - 1 }),
);

describe("7. jumpHash is Lamping and Veach's, for all 64-bit keys", () => {
  test.each([
    // Guava's HashingTest, testConsistentHash_linearCongruentialGeneratorCompatibility.
    [1n, 100, 55],
    [2n, 100, 62],
    [3n, 100, 8],
    [4n, 100, 45],
    [5n, 100, 59],
    // lithammer/go-jump-consistent-hash, jump_test.go.
    [1n, 1, 0],
    [42n, 57, 43],
    [0xdead10ccn, 1, 0],
    [0xdead10ccn, 666, 361],
    [256n, 1_024, 520],
    // ClickHouse, 00580_consistent_hashing_functions.
    [16045690984833335023n, 255, 237],
    // The documentation of the Rust crate jch.
    [0n, 60, 0],
    [1n, 60, 55],
    [2n, 60, 46],
  ])('published vector: key %d of %d buckets', (key, buckets, bucket) => {
    expect(jumpHash(key, buckets)).toBe(bucket);
  });

  test('any key goes where the listing in BigInts sends it', () => {
    fc.assert(
      fc.property(anyKey, anyBuckets, (key, buckets) => {
        expect(jumpHash(key, buckets)).toBe(paper(key, buckets));
      }),
      { numRuns: 3_000 },
    );
  });

  test('the carries of the 64-bit product are right where they are largest', () => {
    const halves = [0n, 1n, 0xffffn, 0x10000n, 0x7fffffffn, 0x80000000n, 0xffff0000n, 0xffffffffn];
    for (const high of halves) {
      for (const low of halves) {
        for (const key of [(high << 32n) | low, (low << 33n) ^ high]) {
          for (const buckets of [2, 1_000, 2 ** 31 - 1]) {
            expect(jumpHash(key, buckets)).toBe(paper(key, buckets));
          }
        }
      }
    }
  });

  test('a generator whose low half turns over to 0 carries into the high one', () => {
    for (let high = 0n; high < 200n; high += 1n) {
      const key = (high << 32n) | lowThatTurns();
      expect(BigInt.asUintN(32, key * 2862933555777941757n + 1n)).toBe(0n);
      expect(jumpHash(key, 2 ** 31 - 1)).toBe(paper(key, 2 ** 31 - 1));
    }
  });

  test("any key goes where Guava's sends it", () => {
    fc.assert(
      fc.property(anyKey, anyBuckets, (key, buckets) => {
        expect(jumpHash(key, buckets)).toBe(guava(key, buckets));
      }),
      { numRuns: 3_000 },
    );
  });

  test('where Guava rounds or overflows otherwise, the paper is followed', () => {
    // The generator gives 2^31 − 1: Guava's int overflows, and it stays where it is.
    expect([paper, guava, jumpHash].map((hash) => hash(18063469494497682072n, 10))).toEqual([
      7, 0, 7,
    ]);
    // 49 · (2^31 / 50 176) is rounded twice in the paper, and once in Guava.
    expect([paper, guava, jumpHash].map((hash) => hash(3462710627636023544n, 2_097_152))).toEqual([
      2_097_151, 48, 2_097_151,
    ]);
  });

  test('a bucket more moves keys to it alone, and a fair share of them', () => {
    let moved = 0;
    for (let key = 0; key < 20_000; key += 1) {
      const [before, after] = [jumpHash(key, 19), jumpHash(key, 20)];
      if (before === after) continue;
      expect(after).toBe(19);
      moved += 1;
    }
    expect(moved).toBeGreaterThan(1_000 - 5 * 31);
    expect(moved).toBeLessThan(1_000 + 5 * 31);
  });

  test('a bigint counts modulo 2^64, and a number as its bigint', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.maxSafeNat(), anyBuckets, (big, number, buckets) => {
        expect(jumpHash(big, buckets)).toBe(paper(big, buckets));
        expect(jumpHash(big + 2n ** 64n, buckets)).toBe(jumpHash(big, buckets));
        expect(jumpHash(number, buckets)).toBe(jumpHash(BigInt(number), buckets));
      }),
      { numRuns: 1_000 },
    );
    expect(jumpHash(-1n, 1_000)).toBe(jumpHash(2n ** 64n - 1n, 1_000));
    expect(jumpHash(Number.MAX_SAFE_INTEGER, 1_000)).toBe(jumpHash(2n ** 53n - 1n, 1_000));
  });

  test('a text counts as its position on a ring', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), anyBuckets, (text, buckets) => {
        expect(jumpHash(text, buckets)).toBe(paper(BigInt(murmur3Text(text, 0)), buckets));
      }),
    );
  });

  test('what is no key, and no number of buckets, is refused', () => {
    expect(() => jumpHash(-1, 5)).toThrow(
      new RangeError('jumpHash: key must be an integer of at least 0, got -1'),
    );
    expect(() => jumpHash(2 ** 53, 5)).toThrow(RangeError);
    expect(() => jumpHash(1.5, 5)).toThrow(RangeError);
    expect(() => jumpHash(null as never, 5)).toThrow(
      new TypeError('jumpHash: key must be a bigint, number or string, got null'),
    );
    for (const buckets of [0, -1, 1.5, 2 ** 31, Number.NaN]) {
      expect(() => jumpHash(1, buckets)).toThrow(
        new RangeError(`jumpHash: buckets must be an integer from 1 to 2147483647, got ${buckets}`),
      );
    }
    expect(() => jumpHash(1, '5' as never)).toThrow(TypeError);
  });
});

/** The low half that the generator turns into 0: −1 over the multiplier, modulo 2^32. */
function lowThatTurns(): bigint {
  const multiplier = 2862933555777941757n;
  let inverse = 1n;
  for (let i = 0; i < 6; i += 1)
    inverse = BigInt.asUintN(32, inverse * (2n - multiplier * inverse));
  return BigInt.asUintN(32, -inverse);
}
