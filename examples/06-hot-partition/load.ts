/** How many events there are, of how many keys, and what serves them. */
export interface Load {
  readonly events: number;
  readonly keys: number;
  /** The event is of the key of rank r in proportion to 1 / r^exponent. */
  readonly exponent: number;
  /** How many partitions serve them, one thread each. */
  readonly partitions: number;
  /** How long a record takes a partition, in microseconds. */
  readonly serviceUs: number;
  /** How many events the producer sends at once. */
  readonly windowEvents: number;
  /** How many events it watches before it salts what is hot. */
  readonly watchEvents: number;
  /** The same seed draws the same events, and the same salts. */
  readonly seed: number;
}

/**
 * The load of the tour. A partition takes 50 µs for a record, as a small write to a database may,
 * and waits meanwhile, so eight of them fit on two cores.
 */
export const tourLoad: Load = Object.freeze({
  events: 48_000,
  keys: 5_000,
  exponent: 1.3,
  partitions: 8,
  serviceUs: 50,
  windowEvents: 1_000,
  watchEvents: 2_000,
  seed: 7,
});
