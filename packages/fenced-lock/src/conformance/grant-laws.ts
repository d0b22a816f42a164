import assert from 'node:assert/strict';
import type { Law } from '@gabion/contract';
import { largestFence } from '../core/fence.js';
import { type LeaseStoreSubject, lockOf, newName, oddTexts } from './subject.js';

/** Laws of who gets a lock, and under which fence. */
export const grantLaws: readonly Law<LeaseStoreSubject>[] = [
  {
    name: 'a free lock is granted, and a held one to nobody else',
    async check(subject) {
      const lock = lockOf(subject);
      await lock.take('a', { holdMs: 5_000 });
      const heldMs = await lock.isRefused('b');
      assert.ok(heldMs > 0 && heldMs <= 5_000, `held for ${heldMs} ms of 5 000`);
    },
  },
  {
    name: 'of any number of claims at once, one is granted',
    async check(subject) {
      const lock = lockOf(subject);
      const owners = Array.from({ length: 40 }, (_, i) => `owner-${i}`);
      const answers = await Promise.all(owners.map((owner) => lock.ask(owner)));
      assert.equal(answers.filter(({ status }) => status === 'granted').length, 1);
    },
  },
  {
    name: 'a grant has a greater fence than all before it, of whatever key',
    async check(subject) {
      let highest = 0;
      for (let i = 0; i < 20; i += 1) {
        const lock = lockOf(subject);
        const fence = await lock.take('a');
        assert.ok(fence > highest, `${fence} came after ${highest}`);
        await lock.release('a');
        highest = await lock.take('b');
        assert.ok(highest > fence, `${highest} came after ${fence}`);
      }
    },
  },
  {
    name: 'grants at once have different fences, greater than all before them',
    async check(subject) {
      const before = await lockOf(subject).take('a');
      const locks = Array.from({ length: 40 }, () => lockOf(subject));
      const fences = await Promise.all(locks.map((lock) => lock.take('a')));
      assert.equal(new Set(fences).size, fences.length, 'two grants share a fence');
      assert.ok(Math.min(...fences) > before, `${Math.min(...fences)} came after ${before}`);
    },
  },
  {
    name: 'a claim repeated by its owner is answered with the fence that it has',
    async check(subject) {
      const lock = lockOf(subject);
      const fence = await lock.take('a');
      await lockOf(subject).take('another');
      assert.equal(await lock.take('a'), fence);
      assert.equal(await lock.take('a', { floor: fence + 5, waiter: newName() }), fence);
      await lock.isRefused('b');
    },
  },
  {
    name: 'a renewal keeps the fence',
    async check(subject) {
      const lock = lockOf(subject);
      const fence = await lock.take('a');
      assert.equal(await lock.renew('a'), 'renewed');
      assert.equal(await lock.take('a'), fence);
    },
  },
  {
    name: 'a fence is above its floor, and a low floor changes nothing',
    async check(subject) {
      const first = await lockOf(subject).take('a');
      const floor = first + 50_000;
      const lifted = await lockOf(subject).take('a', { floor });
      assert.ok(lifted > floor, `${lifted} came for the floor ${floor}`);
      for (const low of [0, 1, first]) {
        const fence = await lockOf(subject).take('a', { floor: low });
        assert.ok(fence > lifted, `${fence} came after ${lifted}`);
      }
    },
  },
  {
    name: 'where no fence is left there is an error, and no lock',
    async check(subject) {
      const lock = lockOf(subject);
      const failure = await lock.ask('a', { floor: largestFence }).catch((error) => error);
      assert.equal(failure.code, 'FENCE_EXHAUSTED');
      assert.equal(await lock.renew('a'), 'missing');
      assert.ok((await lock.take('b')) < largestFence);
    },
  },
  {
    name: 'a released lock is free at once, and is released once',
    async check(subject) {
      const lock = lockOf(subject);
      await lock.take('a');
      assert.equal(await lock.release('a'), 'released');
      assert.equal(await lock.release('a'), 'not-held');
      await lock.take('b');
      assert.equal(await lock.release('a'), 'not-held');
      await lock.isRefused('c');
    },
  },
  {
    name: 'a lock that another holds is neither renewed nor released',
    async check(subject) {
      const lock = lockOf(subject);
      await lock.take('a', { holdMs: 5_000 });
      assert.equal(await lock.renew('b'), 'stolen');
      assert.equal(await lock.release('b'), 'not-held');
      assert.ok((await lock.isRefused('c')) <= 5_000);
      assert.equal(await lock.renew('a'), 'renewed');
    },
  },
  {
    name: 'a renewal makes no lock anew',
    async check(subject) {
      const lock = lockOf(subject);
      assert.equal(await lock.renew('a'), 'missing');
      await lock.take('b');
      await lock.release('b');
      assert.equal(await lock.renew('b'), 'missing');
      await lock.take('c');
    },
  },
  {
    name: 'keys of any text do not touch each other',
    async check(subject) {
      const start = newName();
      // Alone, too: what begins a key, or is all of it, may be what steers.
      const keys = [...oddTexts, ...oddTexts.map((text) => (start + text).slice(0, 1_024))];
      const locks = [...new Set(keys)].map((key) => lockOf(subject, key));
      for (const lock of locks) await lock.take(start);
      for (const lock of locks) await lock.isRefused(newName());
      for (const lock of locks) assert.equal(await lock.release(start), 'released');
    },
  },
];
