/** What happened in one interval of a simulation. */
export interface SimulationInterval {
  /** When it began, in milliseconds since the simulation did. */
  readonly fromMs: number;
  /** Calls that began in it. */
  readonly calls: number;
  /** Attempts that were sent in it. */
  readonly attempts: number;
  /** Calls that succeeded in it, a second. */
  readonly goodputPerSecond: number;
  /** The part of the calls that began in it that succeeded, in it or later; 1 when none began. */
  readonly successShare: number;
  /** Requests in the server's line when it was over, the one that is served included. */
  readonly queued: number;
}

/** What a simulation found. */
export interface Simulation {
  /** Attempts per call, of the calls that began since the fault did; 0 when none began. */
  readonly amplification: number;
  /** Calls that succeeded, a second, of those that began since the fault did. */
  readonly goodputPerSecond: number;
  /**
   * How long after the end of the fault calls succeeded again, in milliseconds: from then on nine
   * of ten that begin in any interval succeed, to the end of the simulation, and for ten seconds
   * at least. `null` when that was not seen.
   */
  readonly recoveredAfterMs: number | null;
  /** The whole simulation, in intervals. */
  readonly series: readonly SimulationInterval[];
}

/** When a server counts as recovered. */
export const recovery = Object.freeze({ successShare: 0.9, steadyMs: 10_000 });

/** A call, as it is counted. */
export interface CallTally {
  /** An attempt is sent. */
  attempt(): void;
  /** The call is over. */
  end(succeeded: boolean): void;
}

/** Counts what happens, by intervals. */
export interface Tally {
  /** A call begins. */
  begin(): CallTally;
  /** So many requests are in the line when an interval, counted from 0, is over. */
  look(interval: number, queued: number): void;
  /** What was counted; to be asked when all calls are over. */
  simulation(): Simulation;
}

/** What a tally has to know. */
export interface Span {
  readonly intervalMs: number;
  readonly fault: { readonly fromMs: number; readonly toMs: number };
  /** Until when calls begin. What happens later is counted for the calls, and for no interval. */
  readonly endMs: number;
}

interface Counts {
  calls: number;
  attempts: number;
  /** Calls that succeeded in it. */
  succeeded: number;
  /** Calls that began in it, and succeeded whenever. */
  wellBegun: number;
  queued: number;
}

/** Creates a tally with every count at 0. */
export function createTally(now: () => number, span: Span): Tally {
  const { intervalMs, fault, endMs } = span;
  const none = () => ({ calls: 0, attempts: 0, succeeded: 0, wellBegun: 0, queued: 0 });
  const intervals = Array.from({ length: Math.ceil(endMs / intervalMs) }, none);
  const beyond = none();
  const current = () => intervals[Math.floor(now() / intervalMs)] ?? beyond;
  const since = { calls: 0, attempts: 0, succeeded: 0 };

  return {
    begin() {
      const interval = current();
      const counts = now() >= fault.fromMs ? 1 : 0;
      interval.calls += 1;
      since.calls += counts;
      return {
        attempt() {
          current().attempts += 1;
          since.attempts += counts;
        },
        end(succeeded) {
          if (!succeeded) return;
          current().succeeded += 1;
          interval.wellBegun += 1;
          since.succeeded += counts;
        },
      };
    },
    look(interval, queued) {
      (intervals[interval] ?? beyond).queued = queued;
    },
    simulation() {
      const series = intervals.map((counts, i) => intervalOf(counts, i * intervalMs, span));
      return {
        amplification: since.calls === 0 ? 0 : since.attempts / since.calls,
        goodputPerSecond: (since.succeeded * 1_000) / (endMs - fault.fromMs),
        recoveredAfterMs: recoveredAfterMs(series, span),
        series,
      };
    },
  };
}

function intervalOf(counts: Counts, fromMs: number, { intervalMs, endMs }: Span) {
  const { calls, attempts, succeeded, wellBegun, queued } = counts;
  const lengthMs = Math.min(intervalMs, endMs - fromMs);
  return {
    fromMs,
    calls,
    attempts,
    goodputPerSecond: (succeeded * 1_000) / lengthMs,
    successShare: calls === 0 ? 1 : wellBegun / calls,
    queued,
  };
}

/** From the first interval after the fault that is good and followed by good ones alone. */
export function recoveredAfterMs(
  series: readonly SimulationInterval[],
  { fault, endMs, intervalMs }: Span,
): number | null {
  const last = series.findLast(({ successShare }) => successShare < recovery.successShare);
  const goodFromMs = last === undefined ? 0 : last.fromMs + intervalMs;
  const recoveredAtMs = Math.max(fault.toMs, goodFromMs);
  return recoveredAtMs + recovery.steadyMs > endMs ? null : recoveredAtMs - fault.toMs;
}
