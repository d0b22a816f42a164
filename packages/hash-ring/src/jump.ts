/**
 * Jump consistent hashing: a key to one of n numbered buckets, without any memory.
 *
 * @packageDocumentation
 */
import { requireInteger, show } from '@gabion/contract';
import { murmur3 } from './hash/murmur3.js';

/**
 * The bucket of a key, 0 to `buckets` − 1, by Lamping and Veach's jump consistent hash. With one
 * bucket more, only the keys that move to it move, and every bucket gets its fair share. Buckets
 * can come and go only at the end.
 *
 * @param key - A bigint counts modulo 2^64, a number as its bigint, and a text as its position on
 *   a ring of seed 0, which is a number below 2^32.
 * @param buckets - How many there are, 1 to 2^31 − 1.
 * @throws TypeError if the key is of another type.
 * @throws RangeError if a number is no safe integer of at least 0, or `buckets` out of range.
 */
export function jumpHash(key: bigint | number | string, buckets: number): number {
  requireInteger('jumpHash', 'buckets', buckets, { min: 1, max: 0x7fffffff });
  if (typeof key === 'string') return jump(0, murmur3(key, 0), buckets);
  if (typeof key === 'bigint') {
    const high = Number(BigInt.asUintN(32, key >> 32n));
    return jump(high, Number(BigInt.asUintN(32, key)), buckets);
  }
  if (typeof key !== 'number') {
    throw new TypeError(`jumpHash: key must be a bigint, number or string, got ${show(key)}`);
  }
  requireInteger('jumpHash', 'key', key, { min: 0 });
  return jump(Math.floor(key / 2 ** 32), key >>> 0, buckets);
}

/**
 * The paper's loop. Its generator, key ← 2 862 933 555 777 941 757 · key + 1 modulo 2^64, runs on
 * two halves of 32 bits, whose products are taken in halves of 16.
 */
function jump(keyHigh: number, keyLow: number, buckets: number): number {
  let high = keyHigh;
  let low = keyLow;
  let bucket = 0;
  let next = 0;
  while (next < buckets) {
    bucket = next;
    const low0 = low & 0xffff;
    const low1 = low >>> 16;
    const a = low1 * 0xb0fd + ((low0 * 0xb0fd) >>> 16);
    const b = low0 * 0x87b0 + (a & 0xffff);
    const carried = low1 * 0x87b0 + (a >>> 16) + (b >>> 16);
    const product = Math.imul(high, 0x87b0b0fd) + Math.imul(low, 0x27bb2ee6) + carried;
    low = (Math.imul(low, 0x87b0b0fd) + 1) >>> 0;
    high = (product + (low === 0 ? 1 : 0)) >>> 0;
    // In the order of the paper's operations: another one rounds otherwise.
    next = Math.floor((bucket + 1) * (0x80000000 / ((high >>> 1) + 1)));
  }
  return bucket;
}
