/** A number as a quotient of two whole numbers. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * Returns a simple fraction that is the same double as `value`: 0.1 is 1/10 and 5 / 14 is 5/14,
 * though neither double is. It is the first convergent of the continued fraction of the double
 * that divides to it, so whatever was written as p/q with q below 2^26 is found again.
 *
 * @param value - Finite and not negative.
 */
export function fractionOf(value: number): Fraction {
  let whole = value;
  let denominator = 1n;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    denominator *= 2n;
  }
  let rest: readonly [bigint, bigint] = [BigInt(whole), denominator];
  let last: readonly [bigint, bigint] = [1n, 0n];
  let before: readonly [bigint, bigint] = [0n, 1n];
  for (;;) {
    const quotient = rest[0] / rest[1];
    const next: typeof last = [quotient * last[0] + before[0], quotient * last[1] + before[1]];
    const fraction = { numerator: Number(next[0]), denominator: Number(next[1]) };
    // The last convergent is the double itself, so this ends.
    if (fraction.numerator / fraction.denominator === value) return fraction;
    rest = [rest[1], rest[0] - quotient * rest[1]];
    before = last;
    last = next;
  }
}

/** The greatest whole number that divides both. */
export function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
