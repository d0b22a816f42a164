/** The middle of the numbers; of an even count, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = ascending(numbers);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2;
}

/** The smallest of the numbers that at least `percent` per cent of them do not exceed. */
export function percentile(numbers: readonly number[], percent: number): number {
  const sorted = ascending(numbers);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] as number;
}

/**
 * How many times `numbers` is `floor`: the median of the ratios of each round. A machine that
 * is slow for a while is slow for both samples of a round, so their ratio holds still where the
 * samples themselves do not.
 */
export function pairedRatio(numbers: readonly number[], floor: readonly number[]): number {
  return median(numbers.map((number, round) => number / (floor[round] as number)));
}

function ascending(numbers: readonly number[]): number[] {
  if (numbers.length === 0) throw new RangeError('stats: there is no number to look at');
  return [...numbers].sort((a, b) => a - b);
}
