/** Who calls, how often, and what the service can take. */
export interface Load {
  /** How long each run takes, in milliseconds; a whole number of windows, see `tally.ts`. */
  readonly runMs: number;
  /** When the service becomes slow, and when it is itself again, in milliseconds from the start. */
  readonly slowFromMs: number;
  readonly slowToMs: number;
  /** How long the service needs for a request, one after the other, in milliseconds. */
  readonly serviceMs: number;
  /** How long it needs while it is slow. */
  readonly slowServiceMs: number;
  /** How many clients there are: processes, each with what it knows of the service. */
  readonly clients: number;
  /** How many calls all of them make in a second, whatever becomes of the ones before. */
  readonly callsPerSecond: number;
  /** How long a client waits for an answer before it gives up and tries again, in milliseconds. */
  readonly timeoutMs: number;
  /** The most attempts of a call, and what the waits between them are made from. */
  readonly maxAttempts: number;
  readonly baseMs: number;
  /** The budget of each client: retries per success, and the most that it saves up. */
  readonly ratio: number;
  readonly reserve: number;
  /** How long a breaker stays open before it lets one request try, in milliseconds. */
  readonly breakerOpenMs: number;
}

/**
 * The load of the tour. The service answers 100 requests a second, and 75 are wanted. For a second
 * it answers only 20 a second, so 55 are left waiting: that is more than half a second, and nobody
 * waits that long. Then 25 a second are to spare, to work them off in a second or so.
 *
 * Higher rates would show the same, but service and clients share one process, and a request that
 * is given up costs it a millisecond.
 */
export const tourLoad: Load = Object.freeze({
  runMs: 5_250,
  slowFromMs: 800,
  slowToMs: 1_800,
  serviceMs: 10,
  slowServiceMs: 50,
  clients: 5,
  callsPerSecond: 75,
  timeoutMs: 300,
  maxAttempts: 4,
  baseMs: 50,
  ratio: 0.1,
  reserve: 2,
  breakerOpenMs: 500,
});
