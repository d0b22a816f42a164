import { createManualClock } from '@gabion/clock/testing';
import { type Gate, gate } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';
import {
  type BucketStore,
  createTokenBucket,
  memoryBucketStore,
  StoreUnavailableError,
} from '../src/index.js';
import { endOf, recording, startMs, turn } from './shell-fixtures.js';
import { createWaiting } from './wait-fixtures.js';

/** A bucket of 5 whose store answers once the test opens the gate of the call. */
function createGated() {
  const clock = createManualClock(startMs);
  const { store: memory, asked } = recording(memoryBucketStore({ clock }), clock);
  const gates: Gate<void>[] = [];
  const store: BucketStore = {
    async take(request, call) {
      const verdict = memory.take(request, call);
      const reply = gate<void>();
      gates.push(reply);
      await reply.promise;
      return verdict;
    },
    keepsDeadlines: true,
  };
  const limit = { capacity: 5, refill: { tokens: 1, everyMs: 100 } };
  return { clock, asked, gates, bucket: createTokenBucket({ ...limit, store, clock }) };
}

const gone = { why: 'the client has gone' };

describe('an abort of a wait rejects with its reason and takes nothing', () => {
  test('beforehand, also where no more may wait', async () => {
    const { bucket, clock, wait } = createWaiting(5, { maxWaiters: 1 });
    await wait('a', 'k', { cost: 5 });
    wait('b', 'k', { cost: 5 });
    await turn();
    await expect(bucket.wait('k', { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
    await expect(bucket.wait('idle', { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
    expect(clock.pending).toBe(1);
    expect((await bucket.wait('idle', { cost: 5 })).allowed).toBe(true);
  });

  test('in the line', async () => {
    const { bucket, clock, story, wait } = createWaiting(1);
    const leaving = new AbortController();
    await wait('a', 'k');
    wait('b', 'k');
    const left = bucket.wait('k', { signal: leaving.signal });
    wait('d', 'k');
    await turn();
    leaving.abort(gone);
    await expect(left).rejects.toBe(gone);
    for (const passMs of [100, 100]) {
      clock.advance(passMs);
      await turn();
    }
    expect(story).toEqual(['0: a served', '100: b served', '200: d served']);
    expect(clock.pending).toBe(0);
  });

  test('during the pause', async () => {
    const { bucket, clock, story, wait } = createWaiting(1);
    const leaving = new AbortController();
    await wait('a', 'k');
    const left = bucket.wait('k', { signal: leaving.signal });
    wait('c', 'k');
    await turn();
    clock.advance(40);
    leaving.abort(gone);
    await expect(left).rejects.toBe(gone);
    await turn();
    clock.advance(60);
    await turn();
    expect(story).toEqual(['0: a served', '100: c served']);
    expect(clock.pending).toBe(0);
  });

  test('during the call of the store: what was granted is given back', async () => {
    const { bucket, clock, asked, gates } = createGated();
    const leaving = new AbortController();
    const left = bucket.wait('k', { cost: 3, signal: leaving.signal });
    const next = bucket.wait('k', { cost: 5 });
    await turn();
    leaving.abort(gone);
    gates[0]?.open();
    expect(await endOf(left)).toBe('pending');
    gates[1]?.open();
    await expect(left).rejects.toBe(gone);
    await turn();
    gates[2]?.open();
    expect(await next).toMatchObject({ allowed: true, remaining: 0 });
    expect(asked.events.map(({ cost, commit }) => [cost, commit])).toEqual([
      [3, true],
      [-3, true],
      [5, true],
    ]);
    expect(clock.pending).toBe(0);
  });

  test('during the call of the store that refuses: there is nothing to give back', async () => {
    const { bucket, asked, gates } = createGated();
    const leaving = new AbortController();
    const left = bucket.wait('k', { cost: 6, signal: leaving.signal });
    await turn();
    leaving.abort(gone);
    gates[0]?.open();
    await expect(left).rejects.toBe(gone);
    expect(asked.events).toHaveLength(1);
  });

  test('during the call of the store that fails', async () => {
    const { bucket, gates, clock } = createGated();
    const leaving = new AbortController();
    const left = bucket.wait('k', { signal: leaving.signal });
    await turn();
    leaving.abort(gone);
    gates[0]?.fail(new StoreUnavailableError('down', 'unknown'));
    await expect(left).rejects.toBe(gone);
    expect(clock.pending).toBe(0);
  });

  test('also where the store cannot take it back any more', async () => {
    const { bucket, gates } = createGated();
    const leaving = new AbortController();
    const left = bucket.wait('k', { signal: leaving.signal });
    await turn();
    leaving.abort(gone);
    gates[0]?.open();
    await turn();
    gates[1]?.fail(new StoreUnavailableError('down', 'unknown'));
    await expect(left).rejects.toBe(gone);
  });

  test('just when its turn comes: the store is not even asked', async () => {
    const { bucket, asked, gates } = createGated();
    const leaving = new AbortController();
    const first = bucket.wait('k');
    const left = bucket.wait('k', { signal: leaving.signal });
    first.then(() => leaving.abort(gone));
    await turn();
    gates[0]?.open();
    await expect(left).rejects.toBe(gone);
    expect(asked.events).toHaveLength(1);
  });
});

test('a wait that fails leaves the line to the next', async () => {
  const { bucket, gates } = createGated();
  const first = bucket.wait('k');
  const second = bucket.wait('k');
  await turn();
  gates[0]?.fail(new RangeError('the store is out of its mind'));
  await expect(first).rejects.toThrow(RangeError);
  await turn();
  gates[1]?.open();
  expect(await second).toMatchObject({ allowed: true, remaining: 3 });
});
