/**
 * Exponential decay without touching what is stored (forward decay: Cormode, Shkapenyuk,
 * Srivastava, Xu, ICDE 2009): instead of making the old lighter, what comes later is added with a
 * larger factor, and what is read is divided by the factor of the moment. The order of weights,
 * and with it all that Space-Saving does, is the same.
 */
export interface Decay {
  /** What a weight of 1 is stored as now; weights are stored in units of the landmark. */
  readonly boost: number;
  /** Moves on to an instant; an earlier one than the last changes nothing. */
  moveTo(nowMs: number): void;
}

/** Beyond this many half-lives the landmark moves up, long before 2^1 024 is infinite. */
const mostHalves = 256;

/** Creates a decay whose landmark is `startMs`. `rescale` has to multiply all that is stored. */
export function createDecay(
  halfLifeMs: number,
  startMs: number,
  rescale: (factor: number) => void,
): Decay {
  let landmarkMs = startMs;
  let lastMs = startMs;
  let boost = 1;
  return {
    get boost() {
      return boost;
    },
    moveTo(nowMs) {
      if (nowMs <= lastMs) return;
      lastMs = nowMs;
      let halves = (nowMs - landmarkMs) / halfLifeMs;
      if (halves > mostHalves) {
        // A whole power of two, so that no weight is rounded.
        const whole = Math.floor(halves);
        rescale(2 ** -whole);
        landmarkMs += whole * halfLifeMs;
        halves = Math.max(0, (nowMs - landmarkMs) / halfLifeMs);
      }
      boost = 2 ** halves;
    },
  };
}
