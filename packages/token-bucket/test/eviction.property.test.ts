import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createTokenBucket,
  memoryBucketStore,
  type SyncTokenBucket,
  type TokenBucketObserver,
} from '../src/index.js';
import { startMs } from './shell-fixtures.js';

type Dropped = Parameters<NonNullable<TokenBucketObserver['evicted']>>[0];

const capacities = { fast: 4, slow: 6 };
const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Two buckets on one store: one is full again in 40 ms, the other in 1 800. */
function createBuckets(maxKeys?: number, evicted?: (event: Dropped) => void) {
  const clock = createManualClock(startMs);
  const store = memoryBucketStore({ maxKeys, clock });
  const common = { store, clock, observer: evicted && { evicted } };
  const create = (name: keyof typeof capacities, everyMs: number) => {
    const refill = { tokens: 1, everyMs };
    return createTokenBucket({ name, capacity: capacities[name], refill, ...common });
  };
  return { clock, fast: create('fast', 10), slow: create('slow', 300) };
}
type Buckets = ReturnType<typeof createBuckets>;

const step = fc.record({
  passMs: fc.oneof(fc.constant(0), fc.nat({ max: 30 })),
  name: fc.constantFrom('fast', 'slow', 'slow'),
  key: fc.constantFrom(...keys),
  cost: fc.integer({ min: 1, max: 4 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const history = fc.array(step, { minLength: 1, maxLength: 60 });

/** How full each level is that is not full, by the name of its bucket and its key. */
function partsOf(buckets: Buckets): Map<string, number> {
  const parts = new Map<string, number>();
  for (const name of ['fast', 'slow'] as const) {
    for (const key of keys) {
      // By time and not by tokens: a level lacks a part of one, too.
      const { windowMs, resetAfterMs } = standingOf(buckets[name], key);
      if (resetAfterMs > 0) parts.set(`${name} ${key}`, 1 - resetAfterMs / windowMs);
    }
  }
  return parts;
}

function standingOf(bucket: SyncTokenBucket, key: string) {
  const [standing] = bucket.takeSync(key, { cost: 0 }).limits;
  return standing as NonNullable<typeof standing>;
}

/** Plays a history on a bounded store, and the same on one per key, which never drops anything. */
function play(maxKeys: number, steps: readonly Step[], check: (seen: Seen) => void): void {
  const dropped: Dropped[] = [];
  const bounded = createBuckets(maxKeys, (event) => void dropped.push(event));
  const alone = new Map<string, Buckets>();
  for (const { passMs, name, key, cost } of steps) {
    bounded.clock.advance(passMs);
    const own = alone.get(`${name} ${key}`) ?? createBuckets();
    alone.set(`${name} ${key}`, own);
    for (const { clock } of alone.values()) clock.set(bounded.clock.now());
    const before = partsOf(bounded);
    const answer = bounded[name].takeSync(key, { cost });
    const expected = own[name].takeSync(key, { cost });
    const evicted = dropped.splice(0);
    check({ answer, expected, evicted, before, after: partsOf(bounded) });
    // What was dropped has a full bucket again.
    for (const event of evicted) alone.delete(`${event.name} ${event.key}`);
  }
}

interface Seen {
  readonly answer: unknown;
  readonly expected: unknown;
  readonly evicted: readonly Dropped[];
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

const anyBound = fc.integer({ min: 1, max: 8 });

function onAnyHistory(check: (seen: Seen, maxKeys: number) => void): void {
  fc.assert(
    fc.property(anyBound, history, (maxKeys, steps) => {
      play(maxKeys, steps, (seen) => check(seen, maxKeys));
    }),
    { numRuns: 300 },
  );
}

describe('8. Full buckets are forgotten, and at maxKeys the fullest of a few goes', () => {
  test('no more than maxKeys levels are ever kept', () => {
    onAnyHistory(({ after }, maxKeys) => expect(after.size).toBeLessThanOrEqual(maxKeys));
  });

  test('everyone but those who were told to be dropped is answered exactly', () => {
    onAnyHistory(({ answer, expected }) => expect(answer).toEqual(expected));
  });

  test('one goes only where maxKeys are kept, none of them full, and none was fuller', () => {
    onAnyHistory(({ evicted, before, after }, maxKeys) => {
      expect(evicted.length).toBeLessThanOrEqual(1);
      for (const { name, key } of evicted) {
        expect(before.size).toBe(maxKeys);
        expect(before.get(`${name} ${key}`)).toBe(Math.max(...before.values()));
        expect(after.has(`${name} ${key}`)).toBe(false);
      }
    });
  });
});
