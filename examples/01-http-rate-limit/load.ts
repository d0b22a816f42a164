/** Who asks, for how long, and what the server and its limiter can take. */
export interface Load {
  /** How long each of the two runs takes, in milliseconds. */
  readonly runMs: number;
  /** When the greedy clients come, in milliseconds from the start. */
  readonly floodAtMs: number;
  /** How many pages the server makes at once. */
  readonly workers: number;
  /** How long one page takes a worker, in milliseconds. */
  readonly serviceMs: number;
  /** How many clients obey Retry-After; each asks for one page at a time. */
  readonly obedient: number;
  /** How long an obedient client waits for a page before it hangs up, in milliseconds. */
  readonly patienceMs: number;
  /** How many clients ignore Retry-After. */
  readonly greedy: number;
  /** On how many connections at once each greedy client asks. */
  readonly connections: number;
  /** How long a greedy client rests after a refusal on average, whatever it was told, in ms. */
  readonly retryMs: number;
  /** The most tokens in the bucket of one client. */
  readonly capacity: number;
  /** How many tokens come back to it in a second. */
  readonly refillPerSecond: number;
}

/**
 * The load of the tour. The server makes 200 pages a second. 80 greedy connections keep a line of
 * 80 requests, 0.4 s long, which is more than the obedient have patience for. With the limiter,
 * eight clients take 80 pages a second in the long run, so more than half of the server is free.
 *
 * Retry-After counts whole seconds, so a bucket has to hold what comes back in one: a client that
 * waits for that long then finds all that it is due.
 */
export const tourLoad: Load = Object.freeze({
  runMs: 3_700,
  floodAtMs: 500,
  workers: 6,
  serviceMs: 30,
  obedient: 6,
  patienceMs: 300,
  greedy: 2,
  connections: 40,
  retryMs: 500,
  capacity: 10,
  refillPerSecond: 10,
});
