import { describe, expect, test } from 'vitest';
import { createTokenBucket, memoryBucketStore } from '../src/index.js';
import { turn } from './shell-fixtures.js';
import { createWaiting } from './wait-fixtures.js';

describe('at most maxWaiters callers wait', () => {
  test('one more is turned away with a code, over all keys, and takes nothing', async () => {
    const { bucket, clock, wait } = createWaiting(1, { maxWaiters: 2 });
    for (const key of ['a', 'b', 'c']) await wait('first', key);
    wait('second', 'a');
    wait('second', 'b');
    await turn();
    await expect(bucket.wait('c')).rejects.toMatchObject({
      name: 'TooManyWaitersError',
      code: 'TOO_MANY_WAITERS',
      message: 'wait: 2 callers wait already (maxWaiters)',
    });
    await expect(bucket.wait('a')).rejects.toMatchObject({ code: 'TOO_MANY_WAITERS' });
    clock.advance(100);
    await turn();
    expect([clock.pending, (await bucket.peek('c')).remaining]).toEqual([0, 1]);
  });

  test('callers that find their tokens at once do not count', async () => {
    const { bucket } = createWaiting(3, { maxWaiters: 0 });
    for (const remaining of [2, 1, 0]) {
      expect(await bucket.wait('k')).toMatchObject({ allowed: true, remaining });
    }
    expect(await bucket.wait('k', { waitMs: 0 })).toMatchObject({ allowed: false });
    await expect(bucket.wait('k')).rejects.toMatchObject({ code: 'TOO_MANY_WAITERS' });
  });

  test.each(['is served', 'is refused', 'is gone'])(
    'a place is free again when a waiter %s',
    async (how) => {
      const { bucket, clock, wait } = createWaiting(1, { maxWaiters: 1 });
      const leaving = new AbortController();
      await wait('a', 'k');
      await wait('a', 'other');
      const options = {
        'is served': {},
        'is refused': { waitMs: 100 },
        'is gone': { signal: leaving.signal },
      };
      const waiter = wait('b', 'k', options[how as keyof typeof options]);
      await turn();
      await expect(bucket.wait('other')).rejects.toMatchObject({ code: 'TOO_MANY_WAITERS' });
      // Refused, because the clock of the store is behind when its time is over.
      if (how === 'is refused') clock.setWall(clock.wallNow() - 1);
      if (how === 'is gone') leaving.abort('gone');
      else clock.advance(100);
      await waiter;
      bucket.takeSync('other');
      const next = bucket.wait('other');
      await turn();
      clock.advance(100);
      expect((await next).allowed).toBe(true);
    },
  );

  test('one that has counted in the line does not count again in its pause', async () => {
    const { clock, story, wait } = createWaiting(1, { maxWaiters: 2 });
    await wait('a', 'k');
    wait('b', 'k');
    wait('c', 'k');
    for (const passMs of [100, 100]) {
      await turn();
      clock.advance(passMs);
    }
    await turn();
    expect(story).toEqual(['0: a served', '100: b served', '200: c served']);
  });

  test('the bound is 10 000 unless given', async () => {
    const { clock, bucket } = createWaiting(1);
    bucket.takeSync('k');
    const waiters = Array.from({ length: 10_000 }, () => bucket.wait('k', { waitMs: 100 }));
    await turn();
    await expect(bucket.wait('k')).rejects.toMatchObject({ code: 'TOO_MANY_WAITERS' });
    clock.advance(100);
    const answers = await Promise.all(waiters);
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(1);
  });

  test('another bucket has waiters of its own', async () => {
    const { clock } = createWaiting(1);
    const options = {
      capacity: 1,
      refill: { tokens: 1, everyMs: 100 },
      maxWaiters: 1,
      store: memoryBucketStore({ clock }),
      clock,
    };
    const [one, other] = [createTokenBucket(options), createTokenBucket(options)];
    one.takeSync('k');
    const waiters = [one.wait('k'), other.wait('k')];
    await turn();
    clock.advance(100);
    await turn();
    clock.advance(100);
    expect((await Promise.all(waiters)).map(({ allowed }) => allowed)).toEqual([true, true]);
  });
});
