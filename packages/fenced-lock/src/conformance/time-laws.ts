import assert from 'node:assert/strict';
import type { Law } from '@gabion/contract';
import { fairMs, type LeaseStoreSubject, lockOf, newWaiters, shortMs } from './subject.js';

/** Laws of what time does to a lock. */
export const timeLaws: readonly Law<LeaseStoreSubject>[] = [
  {
    name: 'a lease ends by itself, and the next grant has a greater fence',
    async check(subject) {
      const lock = lockOf(subject);
      const fence = await lock.take('a', { holdMs: shortMs });
      await subject.advance(shortMs);
      assert.ok((await lock.take('b')) > fence);
    },
  },
  {
    name: 'a lease that has ended is missing, also where nobody took it',
    async check(subject) {
      const lock = lockOf(subject);
      await lock.take('a', { holdMs: shortMs });
      await subject.advance(shortMs);
      assert.equal(await lock.renew('a'), 'missing');
      assert.equal(await lock.release('a'), 'not-held');
      assert.equal(await lock.renew('a'), 'missing');
    },
  },
  {
    name: 'an owner that claims again after its end gets a new fence',
    async check(subject) {
      const lock = lockOf(subject);
      const fence = await lock.take('a', { holdMs: shortMs });
      await subject.advance(shortMs);
      assert.ok((await lock.take('a')) > fence);
    },
  },
  {
    name: 'a renewed lease lasts from its renewal',
    async check(subject) {
      const lock = lockOf(subject);
      await lock.take('a', { holdMs: fairMs });
      assert.equal(await lock.renew('a'), 'renewed');
      await subject.advance(fairMs);
      assert.ok((await lock.isRefused('b')) > 5_000);
      // Shorter, too: it is not added to what was left.
      await lock.renew('a', 5_000);
      assert.ok((await lock.isRefused('b')) <= 5_000);
    },
  },
  {
    name: 'a repeated claim begins the lease anew',
    async check(subject) {
      const lock = lockOf(subject);
      await lock.take('a', { holdMs: fairMs });
      await lock.take('a');
      await subject.advance(fairMs);
      await lock.isRefused('b');
    },
  },
  {
    name: 'a refused claim does not prolong the lease',
    async check(subject) {
      const lock = lockOf(subject);
      const [waiter] = newWaiters(subject, 1);
      await lock.take('a', { holdMs: 5_000 });
      await lock.isRefused('b');
      await lock.isRefused('c', { waiter: waiter as string });
      assert.ok((await lock.isRefused('d')) <= 5_000);
      await lock.renew('a', fairMs);
      await lock.isRefused('e', { waiter: waiter as string });
      await subject.advance(fairMs);
      await lock.take('f');
    },
  },
];
