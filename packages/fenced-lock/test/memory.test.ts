import { createManualClock } from '@gabion/clock/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFencedLock, memoryLeaseStore, type Wake } from '../src/index.js';
import { isEmpty, startMs, turn } from './lock-fixtures.js';

/** A store, and its verbs with less to write: an owner is also a waiter of its name. */
function createStore(maxKeys?: number) {
  const clock = createManualClock(startMs);
  const store = memoryLeaseStore({ clock, maxKeys });
  const acquire = (key: string, owner = 'owner', holdMs = 1_000) =>
    store.acquire({ key, owner, holdMs, waiter: `${owner}'s` });
  const release = (key: string, owner = 'owner') => store.release({ key, owner });
  return { clock, store, acquire, release };
}

describe('memoryLeaseStore', () => {
  test('holds as many locks as maxKeys, and refuses one more', async () => {
    const { store, acquire } = createStore(2);
    await acquire('a');
    await acquire('b');
    await expect(acquire('c')).rejects.toMatchObject({
      code: 'STORE_FULL',
      message: 'memoryLeaseStore.acquire: 2 locks are held, the most',
    });
    const again = { key: 'a', owner: 'owner', holdMs: 1_000 };
    expect(await store.acquire(again)).toMatchObject({ status: 'granted' });
    expect(await acquire('b', 'another')).toMatchObject({ status: 'held' });
    expect(await store.renew(again)).toBe('renewed');
  });

  test('has room for 100 000 unless told otherwise', async () => {
    const { acquire } = createStore();
    for (let i = 0; i < 100_000; i += 1) await acquire(`${i}`);
    await expect(acquire('one more')).rejects.toMatchObject({ code: 'STORE_FULL' });
  });

  test('has room again when a lock is released', async () => {
    const { acquire, release } = createStore(1);
    await acquire('a');
    await release('a');
    expect(await acquire('b')).toMatchObject({ status: 'granted' });
  });

  test('forgets what has ended when it needs the room, and not what is renewed', async () => {
    const { clock, store, acquire } = createStore(3);
    await acquire('a', 'owner', 1_000);
    await acquire('b', 'owner', 2_000);
    await acquire('c', 'owner', 3_000);
    clock.advance(999);
    await store.renew({ key: 'a', owner: 'owner', holdMs: 5_000 });
    await expect(acquire('d')).rejects.toMatchObject({ code: 'STORE_FULL' });
    clock.advance(1);
    await expect(acquire('d')).rejects.toMatchObject({ code: 'STORE_FULL' });
    clock.advance(1_000);
    expect(await acquire('d', 'owner', 60_000)).toMatchObject({ status: 'granted' });
    await expect(acquire('e')).rejects.toMatchObject({ code: 'STORE_FULL' });
    clock.advance(1_000);
    expect(await acquire('e', 'owner', 60_000)).toMatchObject({ status: 'granted' });
    expect(await store.renew({ key: 'a', owner: 'owner', holdMs: 1 })).toBe('renewed');
  });

  test('keeps nothing of a lock that was released, or left by all who waited', async () => {
    const { store, acquire, release } = createStore(1);
    await acquire('a');
    await acquire('a', 'second');
    await acquire('a', 'third');
    await store.leave({ key: 'a', waiter: "third's" });
    await store.leave({ key: 'a', waiter: "second's" });
    expect(await isEmpty(store)).toBe(false);
    await release('a');
    expect(await isEmpty(store)).toBe(true);
  });

  test('offers a released lock to the first in line, and to the next when that one leaves', async () => {
    const { store, acquire, release } = createStore(1);
    const woken: (Wake | 'all')[] = [];
    store.onWake?.((wake) => woken.push(wake));
    await acquire('a');
    await acquire('a', 'second');
    await acquire('a', 'third');
    await release('a');
    await turn();
    expect(await acquire('a', 'third')).toEqual({ status: 'held', heldMs: 500 });
    await store.leave({ key: 'a', waiter: "second's" });
    await turn();
    expect(await acquire('a', 'third')).toMatchObject({ status: 'granted' });
    expect(woken).toEqual([
      { key: 'a', waiter: "second's" },
      { key: 'a', waiter: "third's" },
    ]);
    await release('a', 'third');
    expect(await isEmpty(store)).toBe(true);
  });

  test('wakes after the step of its caller, and nobody who has stopped to listen', async () => {
    const { store, acquire, release } = createStore();
    const story: string[] = [];
    const offs = ['first', 'second'].map((who) => store.onWake?.(() => story.push(who)));
    offs[0]?.();
    await acquire('a');
    await acquire('a', 'second');
    const released = release('a').then(() => story.push('released'));
    story.push('called');
    await released;
    await turn();
    expect(story).toEqual(['called', 'second', 'released']);
  });

  test('on any history stores no more than maxKeys, and refuses only when so many are held', async () => {
    const step = fc.record({
      verb: fc.constantFrom('acquire', 'acquire', 'acquire', 'release', 'advance'),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      ms: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, store, release } = createStore(3);
        const until = new Map<string, number>();
        for (const { verb, key, ms } of steps) {
          if (verb === 'advance') clock.advance(ms);
          for (const [held, atMs] of until) if (atMs <= clock.now()) until.delete(held);
          if (verb === 'release') {
            expect(await release(key)).toBe(until.delete(key) ? 'released' : 'not-held');
          }
          if (verb !== 'acquire') continue;
          const asked = store.acquire({ key, owner: 'owner', holdMs: ms });
          if (until.has(key) || until.size < 3) {
            expect(await asked).toMatchObject({ status: 'granted' });
            until.set(key, clock.now() + ms);
          } else await expect(asked).rejects.toMatchObject({ code: 'STORE_FULL' });
        }
      }),
    );
  });
});

describe('a lock on a memory store that is full', () => {
  test('rejects with STORE_FULL, and the caller may ask for another key later', async () => {
    const { clock, store } = createStore(1);
    const lock = createFencedLock({ store, clock });
    const lease = await lock.acquire('a');
    await expect(lock.acquire('b')).rejects.toMatchObject({ code: 'STORE_FULL' });
    await expect(lock.tryAcquire('b')).rejects.toMatchObject({ code: 'STORE_FULL' });
    await lease.release();
    expect((await lock.acquire('b')).key).toBe('b');
  });
});
