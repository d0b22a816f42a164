/**
 * MurmurHash3_x86_32 of bytes, written from the description of the algorithm and not from the
 * package: it holds the package to SMHasher's verification value, which is over arbitrary bytes.
 */
export function murmur3Bytes(bytes: Uint8Array, seed: number): number {
  let hash = BigInt(seed);
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at += 4) {
    hash ^= scrambled(littleEndian(bytes.subarray(at, at + 4)));
    hash = low32(rotated(hash, 13n) * 5n + 0xe6546b64n);
  }
  hash ^= scrambled(littleEndian(bytes.subarray(whole)));
  hash ^= BigInt(bytes.length);
  hash = low32((hash ^ (hash >> 16n)) * 0x85ebca6bn);
  hash = low32((hash ^ (hash >> 13n)) * 0xc2b2ae35n);
  return Number(hash ^ (hash >> 16n));
}

function scrambled(block: bigint): bigint {
  return low32(rotated(low32(block * 0xcc9e2d51n), 15n) * 0x1b873593n);
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n);
}

function rotated(word: bigint, bits: bigint): bigint {
  return low32(word << bits) | (word >> (32n - bits));
}

function low32(word: bigint): bigint {
  return BigInt.asUintN(32, word);
}

/** The same of a text's UTF-8 bytes. */
export function murmur3Text(text: string, seed: number): number {
  return murmur3Bytes(new TextEncoder().encode(text), seed);
}
