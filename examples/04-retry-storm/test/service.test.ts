import { until } from '@gabion/testkit';
import { expect, test } from 'vitest';
import { tourLoad } from '../load.js';
import { startService } from '../service.js';

/** A service that always needs as long for a request. */
const steady = (serviceMs: number) => ({ ...tourLoad, serviceMs, slowServiceMs: serviceMs });

test('answers one after the other, in the order in which they came', async () => {
  const service = await startService(steady(5), () => performance.now());
  const answered: number[] = [];
  const asked: Promise<unknown>[] = [];
  for (let i = 0; i < 5; i += 1) {
    asked.push(
      fetch(service.url).then((response) => {
        answered.push(i);
        return response.text();
      }),
    );
    await until(() => service.queued + service.served.inTime > i);
  }
  expect(await Promise.all(asked)).toEqual(Array(5).fill('done'));
  expect(answered).toEqual([0, 1, 2, 3, 4]);
  expect(service.served).toEqual({ inTime: 5, forNobody: 0 });
  expect(service.queued).toBe(0);
  await service.close();
});

test('does the work for clients that have given up', async () => {
  let now = 0;
  const service = await startService(steady(50), () => now);
  const end = new AbortController();
  const asked = [1, 2, 3].map(() => fetch(service.url, { signal: end.signal }).catch(() => 'gone'));
  await until(() => service.queued === 3);
  end.abort();
  expect(await Promise.all(asked)).toEqual(['gone', 'gone', 'gone']);
  // As a machine that was late: all of it is due.
  now = 10_000;
  await until(() => service.queued === 0);
  expect(service.served.inTime + service.served.forNobody).toBe(3);
  expect(service.served.forNobody).toBeGreaterThanOrEqual(2);
  await service.close();
});

test('closes at once, whoever waits', async () => {
  const service = await startService(steady(60_000), () => performance.now());
  const asked = [1, 2].map(() => fetch(service.url).catch(() => 'dropped'));
  await until(() => service.queued === 2);
  await service.close();
  expect(await Promise.all(asked)).toEqual(['dropped', 'dropped']);
});

test('is slow between the two moments, and as fast as it is said to be', async () => {
  let now = 0;
  const load = { ...tourLoad, slowFromMs: 100, slowToMs: 200, serviceMs: 10, slowServiceMs: 50 };
  const service = await startService(load, () => now);
  const asked = Array.from({ length: 22 }, () => fetch(service.url));
  await until(() => service.queued + service.served.inTime === 22);
  // Ten before it is slow, two while it is, and ten after that.
  for (const [atMs, served] of [
    [100, 10],
    [200, 12],
    [300, 22],
  ] as const) {
    now = atMs;
    await until(() => service.served.inTime === served);
  }
  await Promise.all(asked);
  await service.close();
});
