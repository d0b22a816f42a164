/** The time that `withFakeTime` sets. */
export interface FakeTime {
  /** Moves it, in milliseconds. */
  advance(ms: number): void;
  /** What it is. */
  readonly nowMs: number;
}

/**
 * Runs `work` with `Date.now` and `performance.now` under its command, the same for everyone:
 * most peers take no clock. Timers go on in real time, so whatever depends on them is out of
 * reach, and `work` must not wait.
 */
export async function withFakeTime<T>(work: (time: FakeTime) => Promise<T>): Promise<T> {
  const real = { dateNow: Date.now, performanceNow: performance.now };
  const beganAtMs = Date.now();
  let passedMs = 0;
  Date.now = () => beganAtMs + passedMs;
  performance.now = () => passedMs;
  try {
    return await work({
      advance(ms) {
        passedMs += ms;
      },
      get nowMs() {
        return passedMs;
      },
    });
  } finally {
    Date.now = real.dateNow;
    performance.now = real.performanceNow;
  }
}
