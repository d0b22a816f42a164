import { expect, test } from 'vitest';
import { randomPrefix } from '../src/prefix.js';

test('a prefix is a name that needs no quotes anywhere', () => {
  expect(randomPrefix()).toMatch(/^[a-z_][a-z0-9_]{0,40}$/);
});

test('no two prefixes are alike', () => {
  expect(new Set(Array.from({ length: 1_000 }, randomPrefix)).size).toBe(1_000);
});
