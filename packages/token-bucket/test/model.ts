import fc from 'fast-check';

/** A limit in plain figures. */
export interface ModelLimit {
  readonly capacity: number;
  readonly tokens: number;
  readonly everyMs: number;
}

/**
 * The oracle: a token bucket in rationals. Levels are BigInt numerators over `everyMs`, so that
 * nothing is ever rounded. It knows nothing of how the package counts.
 */
export function createModel({ capacity, tokens, everyMs }: ModelLimit) {
  const [full, rate, token] = [BigInt(capacity * everyMs), BigInt(tokens), BigInt(everyMs)];
  let level = full;
  let latest: bigint | undefined;
  return {
    take(cost: number, atMs: number): { allowed: boolean; remaining: number } {
      const now = BigInt(atMs);
      if (latest === undefined) latest = now;
      // Time that has been seen once is not refilled again.
      const settled = now > latest ? min(full, level + (now - latest) * rate) : level;
      const allowed = settled >= BigInt(cost) * token;
      if (allowed && cost > 0) {
        latest = now > latest ? now : latest;
        level = settled - BigInt(cost) * token;
        return { allowed, remaining: Number(level / token) };
      }
      // A refusal writes nothing, so it has not seen the instant either.
      return { allowed, remaining: Number(settled / token) };
    },
  };
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The most tokens that a limit may have given in a stretch of time, rounded down: exact. */
export function mostTokens({ capacity, tokens, everyMs }: ModelLimit, elapsedMs: number): bigint {
  return BigInt(capacity) + (BigInt(elapsedMs) * BigInt(tokens)) / BigInt(everyMs);
}

/** Limits of every kind: even and odd rates, tiny and vast, slow and fast. */
export const anyLimit: fc.Arbitrary<ModelLimit> = fc.record({
  capacity: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100_000 })),
  tokens: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1_000_000 })),
  everyMs: fc.oneof(
    fc.integer({ min: 1, max: 100 }),
    fc.constantFrom(1_000, 60_000, 3_600_000, 86_400_000),
    fc.integer({ min: 1, max: 1_000_000 }),
  ),
});

/** One step of a history: the clock moves, then somebody asks. */
export interface Step {
  /** How far the clock moves, as a multiple of the time that one token takes; negative: back. */
  readonly move: number;
  /** What is asked, as a share of the capacity in 1 / 8. */
  readonly eighths: number;
}

/** Histories in which the clock stands, creeps, leaps and steps back. */
export const anyHistory: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    move: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.double({ min: 0, max: 3, noNaN: true }) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 1_000, noNaN: true }) },
      { weight: 1, arbitrary: fc.double({ min: -5, max: 0, noNaN: true }) },
    ),
    eighths: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 1, maxLength: 60 },
);

/** The instant after a move, in whole milliseconds. */
export function moved(atMs: number, { move }: Step, { tokens, everyMs }: ModelLimit): number {
  return Math.max(0, atMs + Math.round((move * everyMs) / tokens));
}

/** The cost of a step: 0, 1, or about so many eighths of the capacity. */
export function costOf({ eighths }: Step, { capacity }: ModelLimit): number {
  return eighths <= 1 ? eighths : Math.ceil((capacity * eighths) / 8);
}

/** Tokens that were given at an instant. */
export interface Admission {
  readonly atMs: number;
  readonly cost: number;
}

/** The first stretch in which more was given than the limit allows, if there is one. */
export function overAdmission(
  limit: ModelLimit,
  admitted: readonly Admission[],
): { from: Admission; to: Admission; sum: bigint } | undefined {
  for (const [i, from] of admitted.entries()) {
    let sum = 0n;
    for (const to of admitted.slice(i)) {
      sum += BigInt(to.cost);
      if (sum > mostTokens(limit, to.atMs - from.atMs)) return { from, to, sum };
    }
  }
  return undefined;
}
