/** What a closed loop saw. */
export interface Throughput {
  /** Operations a second. */
  readonly perSecond: number;
  /** How many there were. */
  readonly operations: number;
  /** How long each took, in milliseconds, in the order of their ends. */
  readonly latenciesMs: readonly number[];
}

/**
 * Keeps `inFlight` operations under way for `durationMs`: each worker begins its next one when
 * the last has ended, as a server with so many busy requests does.
 */
export async function closedLoop(
  operation: () => Promise<unknown>,
  { inFlight, durationMs }: { readonly inFlight: number; readonly durationMs: number },
): Promise<Throughput> {
  const latenciesMs: number[] = [];
  const beganAt = performance.now();
  const endsAt = beganAt + durationMs;
  async function work(): Promise<void> {
    let now = performance.now();
    while (now < endsAt) {
      const sentAt = now;
      await operation();
      now = performance.now();
      latenciesMs.push(now - sentAt);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, work));
  const operations = latenciesMs.length;
  const seconds = (performance.now() - beganAt) / 1_000;
  return { perSecond: operations / seconds, operations, latenciesMs };
}
