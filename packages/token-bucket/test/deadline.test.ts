import { createManualClock } from '@gabion/clock/testing';
import { gate } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';
import {
  type BucketStore,
  createTokenBucket,
  memoryBucketStore,
  type StoreCallOptions,
  type Verdict,
} from '../src/index.js';
import { endOf, startMs, turn } from './shell-fixtures.js';

const limit = { capacity: 10, refill: { tokens: 1, everyMs: 1_000 } };

/** A bucket whose store answers when the test opens the gate, or never. */
function createBucket(more: { deadlineMs?: number; keepsDeadlines?: boolean } = {}) {
  const { deadlineMs, ...promises } = more;
  const clock = createManualClock(startMs);
  const memory = memoryBucketStore({ clock });
  const reply = gate<void>();
  const calls: StoreCallOptions[] = [];
  const store: BucketStore = {
    ...promises,
    async take(request, call) {
      calls.push(call);
      await reply.promise;
      return memory.takeSync(request);
    },
  };
  const bucket = createTokenBucket({ ...limit, name: 'api', store, clock, deadlineMs });
  return { clock, bucket, reply, calls };
}

describe('7. A dead store is quick and honest', () => {
  test('a store that never answers is given up at the deadline, and not a millisecond earlier', async () => {
    const { clock, bucket } = createBucket({ deadlineMs: 250 });
    const taken = bucket.take('k');
    expect(clock.pending).toBe(1);
    clock.advance(249);
    expect(await endOf(taken)).toBe('pending');
    clock.advance(1);
    await expect(taken).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      effect: 'unknown',
      message: 'api: no reply within 250 ms',
    });
    expect(clock.pending).toBe(0);
  });

  test('every verb has the deadline, which is 100 ms unless given', async () => {
    const verbs = ['take', 'peek', 'wait', 'refund'] as const;
    for (const verb of verbs) {
      const { clock, bucket } = createBucket();
      const called = verb === 'refund' ? bucket.refund('k', 1) : bucket[verb]('k');
      called.catch(() => {});
      await turn();
      clock.advance(100);
      await expect(called, verb).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(clock.pending, verb).toBe(0);
    }
  });

  test('a reply in time leaves no timer behind', async () => {
    const { clock, bucket, reply } = createBucket();
    const taken = bucket.take('k');
    clock.advance(99);
    reply.open();
    expect(await taken).toMatchObject({ allowed: true, degraded: false });
    expect(clock.pending).toBe(0);
  });

  test('a failure in time leaves no timer behind', async () => {
    const { clock, bucket, reply } = createBucket();
    const taken = bucket.take('k');
    reply.fail(new RangeError('the store is out of its mind'));
    await expect(taken).rejects.toThrow(RangeError);
    expect(clock.pending).toBe(0);
  });

  test.each([
    ['an answer', (reply: ReturnType<typeof gate<void>>) => reply.open()],
    ['a failure', (reply: ReturnType<typeof gate<void>>) => reply.fail(new Error('too late'))],
  ])('%s after the deadline is heard by nobody, and is no unhandled rejection', async (_, end) => {
    const { clock, bucket, reply } = createBucket();
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const taken = bucket.take('k');
    clock.advance(100);
    await expect(taken).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    end(reply);
    await turn();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('a store is told the deadline, and one that keeps it is not timed twice', async () => {
    const { clock, bucket, calls, reply } = createBucket({ keepsDeadlines: true, deadlineMs: 70 });
    const { signal } = new AbortController();
    const taken = bucket.take('k', { signal });
    await turn();
    expect(calls).toEqual([{ timeoutMs: 70, signal }]);
    expect(clock.pending).toBe(0);
    reply.open();
    expect((await taken).allowed).toBe(true);
  });
});

describe('an abort of a take', () => {
  test('beforehand rejects with its reason, and the store is not asked', async () => {
    const clock = createManualClock(startMs);
    const asked: string[] = [];
    const memory = memoryBucketStore({ clock });
    const store: BucketStore = {
      take(request, call): Promise<Verdict> {
        asked.push(request.keys.join());
        return memory.take(request, call);
      },
    };
    const bucket = createTokenBucket({ ...limit, store, clock });
    const reason = new Error('the client has gone');
    const signal = AbortSignal.abort(reason);
    await expect(bucket.take('k', { signal })).rejects.toBe(reason);
    await expect(bucket.peek('k', { signal })).rejects.toBe(reason);
    expect([asked, clock.pending]).toEqual([[], 0]);
  });

  test('during the call rejects at once with its reason, and leaves nothing', async () => {
    const { clock, bucket } = createBucket();
    const leaving = new AbortController();
    const taken = bucket.take('k', { signal: leaving.signal });
    await turn();
    const reason = { why: 'the client has gone' };
    leaving.abort(reason);
    await expect(taken).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  test('rejects with its reason also where the store rejects with an error of its own', async () => {
    const { bucket, reply } = createBucket({ keepsDeadlines: true });
    const leaving = new AbortController();
    const taken = bucket.take('k', { signal: leaving.signal });
    leaving.abort('the client has gone');
    reply.fail(Object.assign(new Error('aborted'), { code: 'STORE_UNAVAILABLE' }));
    await expect(taken).rejects.toBe('the client has gone');
  });

  test('does not make the store count as broken', async () => {
    const { bucket, reply, calls } = createBucket();
    const leaving = new AbortController();
    const taken = bucket.take('k', { signal: leaving.signal });
    leaving.abort('the client has gone');
    await expect(taken).rejects.toBe('the client has gone');
    reply.open();
    expect(await bucket.take('k')).toMatchObject({ allowed: true, degraded: false });
    expect(calls).toHaveLength(2);
  });
});
