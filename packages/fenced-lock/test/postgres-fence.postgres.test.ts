import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { postgresLeaseStore } from '../src/postgres.js';
import { ownSchema, patience } from './postgres-fixtures.js';

const own = ownSchema();
const hourMs = 3_600_000;
const largest = Number.MAX_SAFE_INTEGER;

/** The server's clock, in microseconds. */
async function serverUs(): Promise<number> {
  const text = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us';
  return Number((await own.pool.query(text)).rows[0].us);
}

describe('1. The fence only grows', () => {
  test('a counter that is behind the clock catches up with it, whatever it has lost', async () => {
    const { take, setCounter } = await own.newStore();
    let last = 0;
    for (const lost of [1, 7, 1_000_000]) {
      await setCounter(lost);
      const before = await serverUs();
      const fence = await take();
      expect(fence).toBeGreaterThanOrEqual(before);
      expect(fence).toBeLessThanOrEqual(await serverUs());
      expect(fence).toBeGreaterThan(last);
      last = fence;
    }
  });

  test('a replica that lags by some grants, once promoted, repeats none', async () => {
    const { take, setCounter, lastValue } = await own.newStore();
    const fences: number[] = [await take()];
    const replicated = await lastValue();
    for (let grants = 0; grants < 100; grants += 1) fences.push(await take());
    const promotedAt = (await serverUs()) + 10_000;
    await setCounter(replicated);
    // A counter is at most 10 ms ahead of the clock; no promotion is as quick.
    while ((await serverUs()) < promotedAt);
    expect(await take()).toBeGreaterThan(Math.max(...fences));
  });

  test('a counter that is ahead of the clock goes on counting by one', async () => {
    const { take, setCounter } = await own.newStore();
    const ahead = (await serverUs()) + 3_600_000_000;
    await setCounter(ahead);
    expect([await take(), await take(), await take()]).toEqual([ahead + 1, ahead + 2, ahead + 3]);
  });

  test('a counter is moved ahead of the clock, so that the next grants need not move it', async () => {
    const { take, lastValue } = await own.newStore();
    const fence = await take();
    expect(await lastValue()).toBe(fence + 10_000);
  });

  test('a floor lifts the counter to just above itself', async () => {
    const { take } = await own.newStore();
    const floor = (await serverUs()) + 3_600_000_000;
    expect(await take('a', floor)).toBe(floor + 1);
    expect(await take('b', floor - 5)).toBe(floor + 2);
    expect(await take('c')).toBe(floor + 3);
    expect(await take('d', floor + 2)).toBeGreaterThan(floor + 3);
  });

  test('only a grant draws', async () => {
    const { store, take, setCounter, lastValue } = await own.newStore();
    await setCounter(9e15);
    await take('k');
    const request = { key: 'k', owner: 'owner-1', holdMs: hourMs };
    const other = { key: 'k', owner: 'b.1', holdMs: hourMs };
    await store.acquire(request);
    await store.acquire(other);
    await store.acquire({ ...other, waiter: 'b', floor: 9e15 + 50 });
    await store.renew(request);
    await store.renew(other);
    await store.release(other);
    await store.release(request);
    await store.leave({ key: 'k', waiter: 'b' });
    expect(await lastValue()).toBe(9e15 + 1);
  });

  test('every digit counts up to 2^53 - 1, and then there is an error and no lock', async () => {
    const { store, take, setCounter, namespace } = await own.newStore();
    await setCounter(largest - 3);
    expect([await take(), await take(), await take()]).toEqual([
      9007199254740989, 9007199254740990, 9007199254740991,
    ]);
    await expect(take('k')).rejects.toMatchObject({
      code: 'FENCE_EXHAUSTED',
      message: expect.stringMatching(/^postgresLeaseStore\.acquire: no fence is left/),
    });
    expect(await store.renew({ key: 'k', owner: 'owner-4', holdMs: 1 })).toBe('missing');
    expect(await own.rows(namespace)).toHaveLength(3);
    await setCounter(2n ** 60n);
    await expect(take('k')).rejects.toMatchObject({ code: 'FENCE_EXHAUSTED' });
  });

  test('any counter and floor of sixteen digits are added to exactly', async () => {
    const { take, setCounter, lastValue } = await own.newStore();
    const vast = fc.oneof(
      fc.integer({ min: largest - 100, max: largest }),
      fc.integer({ min: 2 ** 52, max: largest }),
    );
    await fc.assert(
      fc.asyncProperty(vast, vast, async (counter, floor) => {
        await setCounter(counter);
        const exact = BigInt(Math.max(counter, floor)) + 1n;
        const fence = await take(undefined, floor).catch((error) => error.code);
        if (exact > BigInt(largest)) expect(fence).toBe('FENCE_EXHAUSTED');
        else expect([BigInt(fence), await lastValue()]).toEqual([exact, fence]);
      }),
      { numRuns: 200 },
    );
  });

  test('of grants at once on any keys, none repeats a fence, and one that began after another ended has a greater one', async () => {
    const { store, setCounter } = await own.newStore();
    const grants: { began: number; ended: number; fence: number }[] = [];
    let order = 0;
    let highest = 0;
    const work = async (worker: number) => {
      for (let i = 0; i < 25; i += 1) {
        order += 1;
        const began = order;
        // Some lift the counter while others draw from it.
        const floor = i % 5 === worker % 5 ? highest + 3 : undefined;
        const request = { key: `${worker} ${i}`, owner: 'a.1', holdMs: hourMs, floor };
        const answer = await store.acquire(request);
        if (answer.status !== 'granted') throw new Error('held');
        order += 1;
        highest = Math.max(highest, answer.fence);
        grants.push({ began, ended: order, fence: answer.fence });
      }
    };
    for (const counter of [1, 9e15]) {
      grants.length = 0;
      highest = 0;
      await setCounter(counter);
      await Promise.all(Array.from({ length: 12 }, (_, worker) => work(worker + counter)));
      expect(new Set(grants.map(({ fence }) => fence)).size).toBe(12 * 25);
      const disordered = grants.filter((later) =>
        grants.some((one) => one.ended < later.began && one.fence >= later.fence),
      );
      expect(disordered).toEqual([]);
    }
  });

  test('while one moves the counter nobody draws from it, and while one draws nobody moves it', async () => {
    const { namespace, setCounter } = await own.newStore();
    const [first, second] = [await own.connect(), await own.connect()];
    const place = { schema: own.schema, namespace, ...patience };
    const [moving, drawing] = [postgresLeaseStore(first, place), postgresLeaseStore(second, place)];
    await setCounter(9e15);
    for (const [floorOfFirst, floorOfSecond] of [
      [9e15 + 50, 0],
      [0, 9e15 + 500],
    ]) {
      await first.query('BEGIN');
      const request = { holdMs: hourMs, owner: 'a.1' };
      const one = await moving.acquire({
        ...request,
        key: `${floorOfFirst} 1`,
        floor: floorOfFirst,
      });
      const asked = drawing.acquire({ ...request, key: `${floorOfFirst} 2`, floor: floorOfSecond });
      await own.waiting(1);
      await first.query('COMMIT');
      const other = await asked;
      expect((other as typeof one & { fence: number }).fence).toBeGreaterThan(
        (one as typeof other & { fence: number }).fence,
      );
    }
  });

  test('two that find the counter behind at once do not wait for each other', async () => {
    const { store, setCounter } = await own.newStore();
    for (let round = 0; round < 20; round += 1) {
      await setCounter(1);
      const asked = Array.from({ length: 12 }, (_, i) =>
        store.acquire({ key: `${round} ${i}`, owner: 'a.1', holdMs: hourMs }),
      );
      for (const answer of await Promise.all(asked)) expect(answer.status).toBe('granted');
    }
  });
});
