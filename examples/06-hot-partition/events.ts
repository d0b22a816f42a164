import type { Load } from './load.js';

/** A small generator of chances from 0 to 1 (mulberry32): the same seed, the same chances. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The key of each event: few keys have many, as celebrities do. */
export function drawEvents({ events, keys, exponent, seed }: Load): string[] {
  const upTo: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= keys; rank += 1) {
    sum += rank ** -exponent;
    upTo.push(sum);
  }
  const random = createRandom(seed);
  return Array.from({ length: events }, () => `key-${firstAbove(upTo, random() * sum) + 1}`);
}

function firstAbove(ascending: readonly number[], wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many events each key has: what every way of counting has to come to. */
export function countEvents(events: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of events) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
