import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBucket, memoryBucketStore, type SyncTokenBucket } from '../src/index.js';
import { anyLimit, costOf, createModel, type ModelLimit, moved } from './model.js';
import { startMs } from './shell-fixtures.js';

/** Buckets of three kinds: one is quickly full, one slowly, and one has changed its limits. */
const kinds = [
  { name: 'fast', limits: [{ capacity: 3, tokens: 1, everyMs: 5 }] },
  { name: 'slow', limits: [{ capacity: 5, tokens: 2, everyMs: 70 }] },
  { name: 'api', limits: [{ capacity: 6, tokens: 1, everyMs: 9 }] },
  { name: 'api', limits: [{ capacity: 4, tokens: 3, everyMs: 7 }] },
  {
    name: 'both',
    limits: [
      { capacity: 7, tokens: 1, everyMs: 4 },
      { capacity: 9, tokens: 1, everyMs: 30 },
    ],
  },
] satisfies { name: string; limits: ModelLimit[] }[];

/** One verb on one bucket and key, after some time. The clock does not step back here. */
const step = fc.record({
  passMs: fc.oneof(fc.constant(0), fc.nat({ max: 8 }), fc.nat({ max: 90 })),
  kind: fc.nat({ max: kinds.length - 1 }),
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'),
  cost: fc.integer({ min: 0, max: 7 }),
  verb: fc.constantFrom('take', 'takeSync', 'takeSync', 'peek', 'refund'),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const history = fc.array(step, { minLength: 1, maxLength: 80 });

/** One bucket of each kind on one store. */
function createBuckets() {
  const clock = createManualClock(startMs);
  const store = memoryBucketStore({ clock });
  const buckets = kinds.map(({ name, limits }) =>
    createTokenBucket({
      name,
      limits: limits.map(({ capacity, tokens, everyMs }, i) => {
        return { name: `limit ${i}`, capacity, refill: { tokens, everyMs } };
      }),
      store,
      clock,
    }),
  );
  return { clock, bucket: (kind: number) => buckets[kind] as SyncTokenBucket };
}

function call(bucket: SyncTokenBucket, { verb, key, cost }: Step) {
  if (verb === 'refund') return bucket.refund(key, cost);
  return bucket[verb](key, { cost });
}

describe('8. Full buckets are forgotten, and at maxKeys the fullest of a few goes', () => {
  test('on any history over many keys each answers as if it were alone in its store', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const shared = createBuckets();
        const alone = new Map<string, ReturnType<typeof createBuckets>>();
        for (const one of steps) {
          shared.clock.advance(one.passMs);
          const id = `${kinds[one.kind]?.name} ${one.key}`;
          const own = alone.get(id) ?? createBuckets();
          alone.set(id, own);
          own.clock.set(shared.clock.now());
          const answer = await call(shared.bucket(one.kind), one);
          expect(answer).toEqual(await call(own.bucket(one.kind), one));
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('1. Exact', () => {
  test('on any history over many keys every answer is the one of buckets that count in rationals', () => {
    const anyStep = fc.record({
      move: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true })),
      eighths: fc.integer({ min: 0, max: 9 }),
      key: fc.constantFrom('a', 'b', 'c', 'd'),
    });
    const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(anyLimit, anySteps, (limit, steps) => {
        const clock = createManualClock(startMs);
        const { capacity, tokens, everyMs } = limit;
        const store = memoryBucketStore({ clock });
        const bucket = createTokenBucket({ capacity, refill: { tokens, everyMs }, store, clock });
        const models = new Map<string, ReturnType<typeof createModel>>();
        for (const { key, ...step } of steps) {
          clock.set(moved(clock.now(), step, limit));
          const model = models.get(key) ?? createModel(limit);
          models.set(key, model);
          const cost = costOf(step, limit);
          const { allowed, remaining } = bucket.takeSync(key, { cost });
          expect({ allowed, remaining }).toEqual(model.take(cost, clock.now()));
        }
      }),
      { numRuns: 500 },
    );
  });
});
