import { requireInteger } from '@gabion/contract';

/**
 * Creates a `random` that gives the same numbers for the same seed, evenly from 0 up to 1 without
 * it: for runs that can be repeated. It is the generator mulberry32, with a period of 2^32; no
 * secret may hang on it.
 *
 * @param seed - A whole number; its lowest 32 bits count.
 */
export function seededRandom(seed: number): () => number {
  let state = requireInteger('seededRandom', 'seed', seed, {}) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
