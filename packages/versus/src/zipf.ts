/**
 * Draws from a Zipf distribution of exponent 1: rank r comes up in proportion to 1 / r, as users
 * and addresses do. The same seed draws the same ranks.
 *
 * @param count - How many ranks there are, from 0.
 * @param draws - How many to draw.
 */
export function zipfRanks(count: number, draws: number, seed = 42): Uint32Array {
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank += 1) {
    sum += 1 / (rank + 1);
    cumulative[rank] = sum;
  }
  const random = mulberry32(seed);
  return Uint32Array.from({ length: draws }, () => firstAbove(cumulative, random() * sum));
}

/** The first index whose value exceeds `wanted`. */
function firstAbove(ascending: Float64Array, wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A small generator of numbers from 0 to 1 (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
