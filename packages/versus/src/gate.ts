/** A bound that a figure is held to. */
export interface Gate {
  /** What the figure is, as a noun. */
  readonly name: string;
  /** The figure that was measured. */
  readonly figure: number;
  /** On which side of the limit it must be; only `above` leaves the limit itself out. */
  readonly must: 'at most' | 'at least' | 'above';
  /** The limit. */
  readonly limit: number;
}

/** Whether the figure keeps to its limit. A figure that is not a number keeps to none. */
export function holds({ figure, must, limit }: Gate): boolean {
  if (must === 'at most') return figure <= limit;
  return must === 'at least' ? figure >= limit : figure > limit;
}

/** One line on a gate: the figure, the limit, and whether it was met. */
export function describeGate(gate: Gate): string {
  const { name, figure, must, limit } = gate;
  const verdict = holds(gate) ? 'met' : 'MISSED';
  return `${verdict}: ${name} is ${Number(figure.toFixed(3))}, ${must} ${limit} is wanted`;
}
