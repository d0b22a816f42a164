/**
 * MurmurHash3_x86_32 (Austin Appleby, public domain) of a text's UTF-8 bytes: 0 to 2^32 − 1.
 *
 * Nothing is allocated. ASCII is read four characters at a time; the first character that is not
 * ASCII sends the whole text the slower way. A lone surrogate has no UTF-8 form: it counts as
 * U+FFFD, as `TextEncoder` writes it.
 */
export function murmur3(text: string, seed: number): number {
  const { length } = text;
  let hash = seed | 0;
  let at = 0;
  for (const end = length & ~3; at < end; at += 4) {
    const a = text.charCodeAt(at);
    const b = text.charCodeAt(at + 1);
    const c = text.charCodeAt(at + 2);
    const d = text.charCodeAt(at + 3);
    if ((a | b | c | d) > 0x7f) return murmur3Utf8(text, seed);
    hash = mixBlock(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  let tail = 0;
  for (let bits = 0; at < length; at += 1, bits += 8) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return murmur3Utf8(text, seed);
    tail |= unit << bits;
  }
  return finish(hash ^ scramble(tail), length);
}

/** The same of any text: its characters become bytes one by one, and these blocks of four. */
function murmur3Utf8(text: string, seed: number): number {
  let hash = seed | 0;
  let block = 0;
  let filled = 0;
  let total = 0;
  for (let at = 0; at < text.length; at += 1) {
    const point = scalarAt(text, at);
    if (point > 0xffff) at += 1;
    const size = utf8Size(point);
    const bytes = utf8Bytes(point, size);
    total += size;
    block |= bytes << filled;
    filled += 8 * size;
    if (filled >= 32) {
      hash = mixBlock(hash, block);
      filled -= 32;
      block = filled === 0 ? 0 : bytes >>> (8 * size - filled);
    }
  }
  return finish(hash ^ scramble(block), total);
}

/** The Unicode scalar value at an index; U+FFFD for a surrogate that is alone. */
function scalarAt(text: string, at: number): number {
  const point = text.codePointAt(at) as number;
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
}

function utf8Size(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** The bytes of a character, the first in the lowest bits. */
function utf8Bytes(point: number, size: number): number {
  if (size === 1) return point;
  const last = 0x80 | (point & 0x3f);
  if (size === 2) return 0xc0 | (point >> 6) | (last << 8);
  const second = 0x80 | ((point >> 6) & 0x3f);
  if (size === 3) return 0xe0 | (point >> 12) | (second << 8) | (last << 16);
  const first = 0x80 | ((point >> 12) & 0x3f);
  return 0xf0 | (point >> 18) | (first << 8) | (second << 16) | (last << 24);
}

/** The same of two words of 32 bits, in the order of their bytes on a little-endian machine. */
export function murmur3Words(first: number, second: number, seed: number): number {
  return finish(mixBlock(mixBlock(seed | 0, first), second), 8);
}

function scramble(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

function mixBlock(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number, length: number): number {
  let mixed = hash ^ length;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
