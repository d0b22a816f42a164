/**
 * The distribution of a node's share: of V points among many, it is Gamma(V, 1/V) times the fair
 * one, since the gaps between points that are thrown at random are exponential.
 */

/** The natural logarithm of Γ(x), by Stirling's series (DLMF 5.11.1) above 15. */
function lnGamma(x: number): number {
  if (x < 15) return lnGamma(x + 1) - Math.log(x);
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}

/** The chance that a Gamma(shape, 1) variable is at most x: the series of DLMF 8.7.1. */
export function gammaBelow(shape: number, x: number): number {
  if (x <= 0) return 0;
  let term = 1 / shape;
  let sum = term;
  for (let k = 1; term > sum * 1e-17; k += 1) {
    term *= x / (shape + k);
    sum += term;
  }
  return Math.exp(shape * Math.log(x) - x - lnGamma(shape) + Math.log(sum));
}

/** What a Gamma(shape, 1/shape) variable, of mean 1, exceeds with a chance of 1 − `chance`. */
export function gammaQuantile(shape: number, chance: number): number {
  let low = 0;
  let high = 20;
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (gammaBelow(shape, middle * shape) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
