import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { murmur3, murmur3Words } from '../src/hash/murmur3.js';
import { murmur3Bytes, murmur3Text } from './murmur3-bytes.js';

/**
 * Published vectors, as Boost.Hash2's and Dovecot's tests have them, too:
 * https://stackoverflow.com/questions/14747343/murmurhash3-test-vectors
 */
const published: readonly (readonly [text: string, seed: number, hash: number])[] = [
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['\0\0\0\0', 0, 0x2362f9de],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['aaa', 0x9747b28c, 0x283e0130],
  ['aa', 0x9747b28c, 0x5d211726],
  ['a', 0x9747b28c, 0x7fa09ea6],
  ['abcd', 0x9747b28c, 0xf0478627],
  ['abc', 0x9747b28c, 0xc84a62dd],
  ['ab', 0x9747b28c, 0x74875592],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['ππππππππ', 0x9747b28c, 0xd58063c1],
  ['a'.repeat(256), 0x9747b28c, 0x37405bdc],
];

describe('1. Deterministic: the hash is MurmurHash3_x86_32 of the UTF-8 bytes', () => {
  test.each(published)('published vector %j, seed %d', (text, seed, hash) => {
    expect(murmur3(text, seed)).toBe(hash);
  });

  test('the oracle of these tests gives the verification value of SMHasher, 0xB0F57EE3', () => {
    // The keys {}, {0}, {0, 1}, … up to 255 bytes, of seed 256 − length, and then all hashes.
    const hashes = new Uint8Array(1_024);
    const view = new DataView(hashes.buffer);
    for (let length = 0; length < 256; length += 1) {
      const key = Uint8Array.from({ length }, (_, i) => i);
      view.setUint32(length * 4, murmur3Bytes(key, 256 - length), true);
    }
    expect(murmur3Bytes(hashes, 0)).toBe(0xb0f57ee3);
  });

  test('ASCII of every length up to a hundred hashes as its bytes', () => {
    for (let length = 0; length <= 100; length += 1) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode((i * 37 + 1) % 128));
      expect(murmur3(text.join(''), length)).toBe(murmur3Text(text.join(''), length));
    }
  });

  test('any text hashes as its UTF-8 bytes, under any seed', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary-ascii' }),
      // One character that is not ASCII, at any place in text that is.
      fc
        .tuple(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'grapheme' }), fc.string())
        .map((parts) => parts.join('')),
    );
    const anySeed = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(anyText, anySeed, (text, seed) => {
        expect(murmur3(text, seed)).toBe(murmur3Text(text, seed));
      }),
      { numRuns: 2_000 },
    );
  });

  test('a character of 1, 2, 3 or 4 bytes fills a block from any of its bytes on', () => {
    for (const character of ['\u007f', '\u0080', '\u07ff', '\u0800', '\uffff', '\u{10000}']) {
      for (const before of ['', 'a', 'ab', 'abc', 'é', 'éa', '\u20ac', '\u{10ffff}']) {
        for (const after of ['', 'x', 'xy', 'xyz', 'é', '\u{1f600}']) {
          const text = before + character + after;
          expect(murmur3(text, 7)).toBe(murmur3Text(text, 7));
        }
      }
    }
  });

  test('a lone surrogate counts as U+FFFD, wherever it stands', () => {
    for (const [odd, plain] of [
      ['\ud800', '\ufffd'],
      ['\udc00', '\ufffd'],
      ['ab\ud83dcd', 'ab\ufffdcd'],
      ['\udc00\ud800', '\ufffd\ufffd'],
      ['\ud83d\ud83d\ude00', '\ufffd\u{1f600}'],
    ] as const) {
      expect(murmur3(odd, 3)).toBe(murmur3(plain, 3));
      expect(murmur3(odd, 3)).toBe(murmur3Text(odd, 3));
    }
  });

  test('two words hash as their eight bytes', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(word, word, word, (first, second, seed) => {
        const bytes = new Uint8Array(Uint32Array.of(first, second).buffer);
        expect(murmur3Words(first, second, seed)).toBe(murmur3Bytes(bytes, seed));
      }),
    );
  });
});
