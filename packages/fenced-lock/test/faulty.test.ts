import { createManualClock } from '@gabion/clock/testing';
import { expect, test } from 'vitest';
import { faulty } from '../src/conformance.js';
import { memoryLeaseStore } from '../src/index.js';

const request = { key: 'k', owner: 'a.1', holdMs: 1_000 };

test('a faulty store meets each call, whatever its verb, with the next fault of its script', async () => {
  const clock = createManualClock(1_000);
  const sound = memoryLeaseStore({ clock });
  const store = faulty(sound, ['fail', 'lost-reply', 'ok', 'late', 'fail'], { clock, lateMs: 50 });
  await expect(store.acquire(request)).rejects.toMatchObject({ effect: 'none' });
  expect(await sound.renew(request)).toBe('missing');
  await expect(store.acquire(request)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    effect: 'unknown',
  });
  expect(await store.renew(request)).toBe('renewed');
  let released = false;
  const releasing = store.release(request).finally(() => {
    released = true;
  });
  await Promise.resolve();
  expect(await sound.renew(request)).toBe('missing');
  expect(released).toBe(false);
  clock.advance(50);
  expect(await releasing).toBe('released');
  await expect(store.leave({ key: 'k', waiter: 'a' })).rejects.toMatchObject({ effect: 'none' });
  expect(await store.acquire(request)).toMatchObject({ status: 'granted' });
});

test('a faulty store passes on wake-ups, and says what the store says of itself', async () => {
  const sound = memoryLeaseStore({ clock: createManualClock() });
  const store = faulty(sound, []);
  expect(store.ordered).toBe(true);
  const woken: unknown[] = [];
  store.onWake?.((wake) => woken.push(wake));
  await store.acquire(request);
  await store.acquire({ ...request, owner: 'b.1', waiter: 'b' });
  await store.release(request);
  expect(woken).toEqual([{ key: 'k', waiter: 'b' }]);
});
