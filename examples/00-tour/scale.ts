/** What an axis is labelled with: a few round figures, the last of them at or above `most`. */
export function ticks(most: number, parts: number): number[] {
  const rough = Math.max(most, Number.MIN_VALUE) / parts;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 5, 10].map((times) => times * unit).find((one) => one >= rough * 0.999) ?? unit;
  const count = Math.max(1, Math.ceil((most / step) * 0.999));
  // Rounded, for 3 × 0.1 is not 0.3.
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}
