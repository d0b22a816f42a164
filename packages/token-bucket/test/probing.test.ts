import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import { type Fault, faulty } from '../src/conformance.js';
import {
  type BucketStore,
  createTokenBucket,
  memoryBucketStore,
  StoreLayoutError,
  type TokenBucketObserver,
} from '../src/index.js';
import { recording, startMs, turn } from './shell-fixtures.js';

const limit = { capacity: 100, refill: { tokens: 1, everyMs: 1_000 } };

/** A bucket that denies while its store is broken; what the store was asked, and what was told. */
function createBucket(script: readonly Fault[], observer?: TokenBucketObserver) {
  const clock = createManualClock(startMs);
  const lateMs = 60_000;
  const { store, asked } = recording(
    faulty(memoryBucketStore({ clock }), script, { lateMs, clock }),
    clock,
  );
  const told: unknown[] = [];
  const bucket = createTokenBucket({
    ...limit,
    name: 'api',
    store,
    clock,
    onStoreError: 'deny',
    observer: observer ?? {
      storeFailed: ({ atMs, error, ...event }) =>
        told.push({ failed: { ...event, code: error.code, afterMs: atMs - startMs } }),
      storeRecovered: ({ atMs, ...event }) =>
        told.push({ recovered: { ...event, afterMs: atMs - startMs } }),
    },
  });
  return { clock, bucket, asked, told };
}

const always = (fault: Fault) => Array.from({ length: 50 }, () => fault);

describe('7. A dead store is quick and honest', () => {
  test('a broken store is asked once per probeEveryMs, however many call', async () => {
    const { clock, bucket, asked } = createBucket(always('fail'));
    for (let calls = 0; calls < 40; calls += 1) {
      const answers = await Promise.all([bucket.take('a'), bucket.take('b'), bucket.peek('c')]);
      expect(answers.every(({ degraded }) => degraded)).toBe(true);
      clock.advance(100);
    }
    // The first three came at once, when nobody knew yet.
    expect(asked.events.map(({ afterMs }) => afterMs)).toEqual([0, 0, 0, 1_000, 2_000, 3_000]);
  });

  test('a store that is late is waited for by its probe alone; everyone else is answered at once', async () => {
    const { clock, bucket, asked } = createBucket(['late', 'late']);
    const first = bucket.take('k');
    clock.advance(100);
    expect(await first).toMatchObject({ allowed: false, retryAfterMs: 1_000 });
    clock.advance(1_000);
    const probe = bucket.take('k');
    expect(await bucket.take('k')).toMatchObject({ allowed: false, degraded: true });
    clock.advance(100);
    expect(await probe).toMatchObject({ allowed: false, degraded: true });
    expect(asked.events.map(({ afterMs }) => afterMs)).toEqual([0, 1_100]);
  });

  test('a probe that succeeds brings the store back for everyone', async () => {
    const { clock, bucket, asked } = createBucket(['fail', 'fail']);
    const sources: string[] = [];
    for (const passMs of [0, 999, 1, 999, 1, 0, 0]) {
      clock.advance(passMs);
      sources.push((await bucket.take('k')).source);
    }
    const [policy, store] = ['policy', 'store'];
    expect(sources).toEqual([policy, policy, policy, policy, store, store, store]);
    expect(asked.events.map(({ afterMs }) => afterMs)).toEqual([0, 1_000, 2_000, 2_000, 2_000]);
  });

  test('the observer hears once that the store failed, and once that it is back', async () => {
    const { clock, bucket, told } = createBucket(['ok', 'fail', 'fail', 'lost-reply', 'ok']);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await bucket.take(key);
      clock.advance(1_000);
    }
    expect(told).toEqual([
      { failed: { name: 'api', key: 'b', code: 'STORE_UNAVAILABLE', afterMs: 1_000 } },
      { recovered: { name: 'api', key: 'e', afterMs: 4_000 } },
    ]);
  });

  test('calls that fail together are told of once', async () => {
    const { bucket, told } = createBucket(always('fail'));
    await Promise.all(['a', 'b', 'c'].map((key) => bucket.take(key)));
    expect(told).toHaveLength(1);
  });

  test('an observer that throws or rejects changes no answer', async () => {
    const broken = () => {
      throw new Error('the observer is broken');
    };
    const rejecting = () => Promise.reject(new Error('the observer is broken'));
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    for (const hear of [broken, rejecting]) {
      const { clock, bucket } = createBucket(['fail'], { storeFailed: hear, storeRecovered: hear });
      expect(await bucket.take('k')).toMatchObject({ allowed: false, degraded: true });
      clock.advance(1_000);
      expect(await bucket.take('k')).toMatchObject({ allowed: true, degraded: false });
    }
    await turn();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  const otherErrors: [string, Error][] = [
    ['a newer layout', new StoreLayoutError('written by version 9')],
    ['a mistake of the store', new TypeError('x is not a function')],
    ['keys that cannot share a slot', new RangeError('take: keys must share a slot')],
  ];

  test.each(otherErrors)('%s passes through untouched, and is no breakdown', async (_, error) => {
    const clock = createManualClock(startMs);
    let asked = 0;
    const store: BucketStore = {
      take() {
        asked += 1;
        return Promise.reject(error);
      },
    };
    const bucket = createTokenBucket({ ...limit, store, clock, onStoreError: 'allow' });
    await expect(bucket.take('k')).rejects.toBe(error);
    await expect(bucket.take('k')).rejects.toBe(error);
    expect([asked, clock.pending]).toEqual([2, 0]);
  });

  test('a failure is known by its code, also when another copy of the package threw it', async () => {
    const foreign = Object.assign(new Error('down'), { code: 'STORE_UNAVAILABLE', effect: 'none' });
    const store: BucketStore = { take: () => Promise.reject(foreign) };
    const clock = createManualClock(startMs);
    const bucket = createTokenBucket({ ...limit, store, clock, onStoreError: 'allow' });
    expect(await bucket.take('k')).toMatchObject({ allowed: true, degraded: true });
  });
});
