import assert from 'node:assert/strict';
import type { Law } from '@gabion/contract';
import { longestLine, offerMs } from '../core/slot.js';
import type { Wake } from '../store.js';
import {
  type LeaseStoreSubject,
  lockOf,
  newName,
  newWaiters,
  shortMs,
  whileOffered,
} from './subject.js';

/** A lock that `holder` has, with so many waiters in line: `w[0]` came first. */
async function lockWithLine(subject: LeaseStoreSubject, count: number) {
  const key = newName();
  const lock = lockOf(subject, key);
  const w = newWaiters(subject, count);
  await lock.take('holder');
  for (const waiter of w) await lock.isRefused(`${waiter}.1`, { waiter });
  return {
    ...lock,
    key,
    w,
    /** The claim of a waiter, which is granted when the lock was offered to it. */
    takeAs: (waiter = '') => lock.take(`${waiter}.1`, { waiter }),
    isRefusedAs: (waiter = '') => lock.isRefused(`${waiter}.1`, { waiter }),
  };
}

/** Laws of the line behind a held lock. */
export const lineLaws: readonly Law<LeaseStoreSubject>[] = [
  {
    name: 'a released lock is offered to the first in line, and to nobody else',
    check: (subject) =>
      whileOffered(async () => {
        const { w, ...lock } = await lockWithLine(subject, 2);
        const [late] = newWaiters(subject, 1);
        assert.equal(await lock.release('holder'), 'released');
        const heldMs = await lock.isRefused('newcomer');
        assert.ok(heldMs > 0 && heldMs <= offerMs, `offered for ${heldMs} ms`);
        await lock.isRefusedAs(w[1]);
        await lock.isRefusedAs(late);
        await lock.isRefused('holder');
        await lock.takeAs(w[0]);
        await lock.isRefused('newcomer');
      }),
  },
  {
    name: 'an offer is nobody’s lock until it is taken, and then under a new fence',
    check: (subject) =>
      whileOffered(async () => {
        const { w, ...lock } = await lockWithLine(subject, 1);
        const fence = await lock.take('holder');
        await lock.release('holder');
        assert.equal(await lock.renew(`${w[0]}.1`), 'stolen');
        assert.equal(await lock.release(`${w[0]}.1`), 'not-held');
        const between = await lockOf(subject).take('another');
        assert.ok((await lock.takeAs(w[0])) > Math.max(fence, between));
      }),
  },
  {
    name: 'a line is served in the order of its arrival',
    check: (subject) =>
      whileOffered(async () => {
        const { w, ...lock } = await lockWithLine(subject, 4);
        let owner = 'holder';
        for (const [place, waiter] of w.entries()) {
          assert.equal(await lock.release(owner), 'released');
          for (const behind of w.slice(place + 1)) await lock.isRefusedAs(behind);
          await lock.takeAs(waiter);
          owner = `${waiter}.1`;
        }
        assert.equal(await lock.release(owner), 'released');
        await lock.take('newcomer');
      }),
  },
  {
    name: 'whoever asks again keeps its place, and has only one',
    check: (subject) =>
      whileOffered(async () => {
        const { w, ...lock } = await lockWithLine(subject, 2);
        for (const waiter of [w[0], w[1], w[0]]) await lock.isRefusedAs(waiter);
        await lock.release('holder');
        await lock.takeAs(w[0]);
        await lock.release(`${w[0]}.1`);
        await lock.takeAs(w[1]);
        await lock.release(`${w[1]}.1`);
        await lock.take('newcomer');
      }),
  },
  {
    name: 'a caller who does not wait stands in no line',
    async check(subject) {
      const { w, ...lock } = await lockWithLine(subject, 0);
      await lock.isRefused('newcomer');
      await lock.release('holder');
      await lock.take('another');
    },
  },
  {
    name: 'a renewal and a repeated claim keep the line',
    check: (subject) =>
      whileOffered(async () => {
        const { w, ...lock } = await lockWithLine(subject, 2);
        await lock.renew('holder');
        await lock.take('holder');
        await lock.release('holder');
        await lock.isRefused('newcomer');
        await lock.takeAs(w[0]);
        await lock.renew(`${w[0]}.1`);
        await lock.release(`${w[0]}.1`);
        await lock.isRefused('newcomer');
        await lock.takeAs(w[1]);
      }),
  },
  {
    name: 'an offer ends, and the lock is free',
    async check(subject) {
      const { w, ...lock } = await lockWithLine(subject, 2);
      await lock.release('holder');
      await subject.advance(offerMs);
      await lock.take('newcomer');
    },
  },
  {
    name: 'a line ends with the lease that it stood behind',
    async check(subject) {
      const { w, ...lock } = await lockWithLine(subject, 2);
      await lock.renew('holder', shortMs);
      await subject.advance(shortMs);
      await lock.take('newcomer');
      await lock.release('newcomer');
      await lock.take('another');
    },
  },
  {
    name: 'a waiter that leaves is passed over',
    check: (subject) =>
      whileOffered(async () => {
        const { w, ...lock } = await lockWithLine(subject, 3);
        await lock.leave(w[1] as string);
        await lock.leave(w[1] as string);
        await lock.release('holder');
        await lock.takeAs(w[0]);
        await lock.release(`${w[0]}.1`);
        await lock.isRefusedAs(w[1]);
        await lock.takeAs(w[2]);
      }),
  },
  {
    name: 'what was offered to a waiter that leaves goes to the next, and then is free',
    check: (subject) =>
      whileOffered(async () => {
        const { w, ...lock } = await lockWithLine(subject, 2);
        await lock.release('holder');
        await lock.leave(w[0] as string);
        await lock.isRefused('newcomer');
        await lock.leave(w[1] as string);
        await lock.take('newcomer');
      }),
  },
  {
    name: 'leaving a line that one does not stand in changes nothing',
    check: (subject) =>
      whileOffered(async () => {
        const { w, ...lock } = await lockWithLine(subject, 1);
        await lock.leave('holder');
        await lock.leave(newName());
        // Not a part of a name either.
        await lock.leave((w[0] as string).slice(0, -1));
        await lock.isRefused('newcomer');
        await lock.release('holder');
        await lock.isRefused('newcomer');
        await lock.leave(newName());
        await lock.takeAs(w[0]);
        const free = lockOf(subject);
        await free.leave(newName());
        await free.take('anyone');
      }),
  },
  {
    name: 'a line has 128 places, and whoever comes later is not in it',
    check: (subject) =>
      whileOffered(async () => {
        const { w, ...lock } = await lockWithLine(subject, longestLine + 1);
        const last = w[longestLine - 1] as string;
        await lock.release('holder');
        // Each leaves what was offered to it to the next, so that no offer has to be waited out.
        for (const waiter of w.slice(0, longestLine - 1)) await lock.leave(waiter);
        await lock.isRefused('newcomer');
        await lock.leave(last);
        await lock.take('newcomer');
      }),
  },
  {
    name: 'whoever the lock is offered to is told, where the store tells',
    async check(subject) {
      const { store } = subject;
      if (store.onWake === undefined) return;
      const heard: (Wake | 'all')[] = [];
      const off = store.onWake((wake) => heard.push(wake));
      // A wake-up may be lost, and one that is on its way takes a while.
      for (let tries = 0; tries < 200; tries += 1) {
        const { w, key, ...lock } = await lockWithLine(subject, 2);
        await lock.release('holder');
        await subject.advance(10);
        const told = heard.filter((wake) => wake !== 'all' && wake.key === key);
        if (told.length === 0) continue;
        assert.deepEqual(told, [{ key, waiter: w[0] }]);
        break;
      }
      off();
      assert.ok(heard.some((wake) => wake !== 'all'));
      const before = heard.length;
      await (await lockWithLine(subject, 1)).release('holder');
      await subject.advance(10);
      assert.equal(heard.length, before);
    },
  },
];
