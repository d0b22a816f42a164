import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../src/hash/sha256.js';

const expected = (text: string) => createHash('sha256').update(text).digest('hex');

test('SHA-256 has the digest that FIPS 180-4 gives for abc', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('SHA-256 of every length around its blocks of 64 bytes is that of OpenSSL', () => {
  for (let length = 0; length <= 200; length += 1) {
    const text = 'x'.repeat(length);
    expect(sha256(text)).toBe(expected(text));
  }
});

test('SHA-256 of any text is that of OpenSSL', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      expect(sha256(text)).toBe(expected(text));
    }),
  );
});
