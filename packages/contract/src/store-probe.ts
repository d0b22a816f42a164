/** Whether a store is asked at all: a broken one is probed, not asked by every call. */
export interface StoreProbe {
  /**
   * Whether this call may ask the store. While the store is broken the answer is true for one
   * call in every `probeEveryMs`, which is thereby the probe, and false for all others.
   */
  mayAsk(): boolean;
  /** The store answered: it is not broken. Returns true if it was. */
  succeeded(): boolean;
  /** The store failed a call: it is broken. Returns true if it was not. */
  failed(): boolean;
  /** The time until the next probe, in whole milliseconds; 0 when the store may be asked now. */
  readonly probeInMs: number;
}

/**
 * Creates the state machine `working → broken → working`. One failure breaks: whoever waited for
 * it has paid the whole deadline, and everyone after it would. One success mends.
 */
export function createStoreProbe(
  clock: { now(): number },
  { probeEveryMs }: { readonly probeEveryMs: number },
): StoreProbe {
  let broken = false;
  let probeAt = 0;
  return {
    mayAsk() {
      if (!broken) return true;
      const now = clock.now();
      if (now < probeAt) return false;
      // Claimed before the answer is known, so that callers who come meanwhile do not probe too.
      probeAt = now + probeEveryMs;
      return true;
    },
    succeeded() {
      const mended = broken;
      broken = false;
      return mended;
    },
    failed() {
      const broke = !broken;
      broken = true;
      probeAt = clock.now() + probeEveryMs;
      return broke;
    },
    get probeInMs() {
      return broken ? Math.max(0, Math.ceil(probeAt - clock.now())) : 0;
    },
  };
}
