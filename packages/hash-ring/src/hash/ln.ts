/** The terms of the series below: with |s| < 0.172 the next one is less than half a unit. */
const terms = 11;

/**
 * The natural logarithm of (x + ½) / 2^32, for a whole x of 32 bits: below 0. `Math.log` may
 * round in another way in another runtime; this is additions, multiplications and divisions
 * alone, which IEEE 754 rounds the same everywhere.
 */
export function lnOfHash(x: number): number {
  let exponent = 31 - Math.clz32(x);
  let mantissa = (x + 0.5) / 2 ** exponent;
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  // ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …), where s = (m − 1) / (m + 1).
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let term = terms - 1; term >= 0; term -= 1) sum = sum * square + 1 / (2 * term + 1);
  return (exponent - 32) * Math.LN2 + 2 * s * sum;
}
