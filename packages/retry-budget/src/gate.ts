import { type Clock, systemClock } from '@gabion/clock';

/**
 * Closed while a destination has asked to be left alone: `Retry-After` for every caller, first
 * attempts included. Plain arithmetic over a clock; nothing waits here.
 */
export interface RetryGate {
  /** How long it stays closed, in milliseconds; 0: it is open. */
  readonly opensInMs: number;
  /** Closes it for `ms` from now. It never opens earlier than it was to open already. */
  close(ms: number): void;
  /**
   * How long one caller waits: until it opens, `leastMs` at least, and while it is closed jitter
   * on top, even between 0 and a quarter of what it was closed for, 5 s at most, so that callers
   * do not return in step. Jitter alone never makes the wait longer than `mostMs`.
   */
  waitMs(leastMs: number, mostMs: number): number;
}

/** What a gate measures and draws by. */
export interface GateOptions {
  /** Measures how long it is closed. @defaultValue `systemClock` */
  readonly clock?: Clock | undefined;
  /** Draws the jitter, even from 0 up to 1 without it. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
}

/** How widely callers are spread when a gate opens. */
export const gateDefaults = Object.freeze({ jitterShare: 0.25, mostJitterMs: 5_000 });

/** Creates a gate that is open. A retrier has one of its own; this is for what builds on gates. */
export function createRetryGate(options: GateOptions = {}): RetryGate {
  const { clock = systemClock, random = Math.random } = options;
  return new Gate(clock, random);
}

class Gate implements RetryGate {
  private readonly clock: Clock;
  private readonly random: () => number;
  // Only `close` writes these.
  private opensAt = -Infinity;
  private spreadMs = 0;

  constructor(clock: Clock, random: () => number) {
    this.clock = clock;
    this.random = random;
  }

  get opensInMs(): number {
    // A gate that was never closed costs no look at the clock.
    return this.opensAt === -Infinity ? 0 : Math.max(0, this.opensAt - this.clock.now());
  }

  close(ms: number): void {
    const until = this.clock.now() + ms;
    if (until <= this.opensAt) return;
    this.opensAt = until;
    this.spreadMs = Math.min(gateDefaults.mostJitterMs, ms * gateDefaults.jitterShare);
  }

  waitMs(leastMs: number, mostMs: number): number {
    const closedMs = this.opensInMs;
    if (closedMs === 0) return leastMs;
    const floorMs = Math.max(leastMs, closedMs);
    return floorMs + this.random() * Math.max(0, Math.min(this.spreadMs, mostMs - floorMs));
  }
}
