import fc from 'fast-check';
import { defineLimit } from '../src/limit.js';
import type { BucketDefinition, TakeRequest, Verdict } from '../src/store.js';
import { anyHistory, anyLimit, costOf, type ModelLimit, moved, type Step } from './model.js';

/** What is asked in one step of a history, and by which version of the bucket. */
export interface Question {
  /** Which of the versions asks. */
  readonly version: number;
  /** How far the clock moves first, and the cost as a share of the capacity. */
  readonly step: Step;
  /** What becomes of the cost: it is taken, given back, or only asked for. */
  readonly kind: 'take' | 'refund' | 'look';
}

/** Limits so small that a history meets every corner of them. */
export const smallLimit: fc.Arbitrary<ModelLimit> = fc.record({
  capacity: fc.integer({ min: 1, max: 12 }),
  tokens: fc.integer({ min: 1, max: 7 }),
  everyMs: fc.integer({ min: 1, max: 12 }),
});

/** Limits whose full bucket is just below 2^53 units. */
export const vastLimit: fc.Arbitrary<ModelLimit> = fc
  .record({
    everyMs: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2 ** 26 })),
    tokens: fc.constantFrom(31, 97, 1_000_003, 2 ** 31 - 1),
    less: fc.nat({ max: 5 }),
  })
  .map(({ everyMs, tokens, less }) => {
    return { capacity: Math.floor(Number.MAX_SAFE_INTEGER / everyMs) - less, tokens, everyMs };
  });

/**
 * Versions of one bucket: the same one to three limits, of which another version has other
 * figures, all of them or a single one.
 */
export function versionsOf(
  limit: fc.Arbitrary<ModelLimit>,
): fc.Arbitrary<readonly (readonly ModelLimit[])[]> {
  return fc.integer({ min: 1, max: 3 }).chain((limits) => {
    const version = fc.array(limit, { minLength: limits, maxLength: limits });
    const changed = fc.record({
      other: version,
      figures: fc.constantFrom(['capacity'], ['tokens'], ['everyMs'], undefined),
    });
    return fc
      .tuple(version, fc.array(changed, { maxLength: 2 }))
      .map(([first, others]) => [
        first,
        ...others.map(({ other, figures }) =>
          first.map((old, i) => mixed(old, other[i] as ModelLimit, figures)),
        ),
      ]);
  });
}

/** A limit with some figures of another one, or with all where those would not go together. */
function mixed(old: ModelLimit, other: ModelLimit, figures?: readonly string[]): ModelLimit {
  if (figures === undefined) return other;
  const from = (figure: keyof ModelLimit) => (figures.includes(figure) ? other : old)[figure];
  const limit = { capacity: from('capacity'), tokens: from('tokens'), everyMs: from('everyMs') };
  return Number.isSafeInteger(limit.capacity * limit.everyMs) ? limit : other;
}

/** Limits of every kind but the vast ones, in versions. */
export const anyVersions = versionsOf(fc.oneof(anyLimit, smallLimit));

/** Histories of takes, refunds and looks by changing versions, on a clock that steps back, too. */
export const anyQuestions: fc.Arbitrary<readonly Question[]> = anyHistory.chain((history) =>
  fc.tuple(
    ...history.map((step) =>
      fc.record({
        version: fc.nat({ max: 2 }),
        step: fc.constant(step),
        kind: fc.constantFrom('take' as const, 'take' as const, 'refund' as const, 'look' as const),
      }),
    ),
  ),
);

/** A bucket with these limits, which are called a, b and c. */
export function bucketOf(name: string, limits: readonly ModelLimit[]): BucketDefinition {
  return {
    name,
    limits: limits.map(({ capacity, tokens, everyMs }, i) =>
      defineLimit('test', { name: 'abc'.charAt(i), capacity, refill: { tokens, everyMs } }),
    ),
  };
}

/** A request and the instant at which it is put. */
export interface TimedRequest {
  readonly atMs: number;
  readonly request: TakeRequest;
}

/** The requests of a history, in order: all for one key, and for the limits of one bucket. */
export function requestsOf(
  name: string,
  versions: readonly (readonly ModelLimit[])[],
  questions: readonly Question[],
  startMs = 1_700_000_000_000,
): TimedRequest[] {
  const buckets = versions.map((limits) => bucketOf(name, limits));
  let atMs = startMs;
  return questions.map(({ version, step, kind }) => {
    const bucket = buckets[version % buckets.length] as BucketDefinition;
    const limits = versions[version % buckets.length] as readonly ModelLimit[];
    // The clock moves on the scale of one of the limits, and the cost is on that of another.
    const [scale, priced] = [limits[0], limits.at(-1)] as [ModelLimit, ModelLimit];
    atMs = moved(atMs, step, scale);
    const most = Math.min(costOf(step, priced), Number.MAX_SAFE_INTEGER);
    const cost = kind === 'refund' ? -most : most;
    const keys = bucket.limits.map(() => 'k');
    return { atMs, request: { bucket, keys, cost, commit: kind !== 'look' } };
  });
}

/** A verdict without what a store may add: which levels had to go. */
export function answerOf(verdict: Verdict): object {
  const { evicted, ...answer } = verdict;
  return answer;
}
