import { expect, test } from 'vitest';
import { createDownstream } from '../downstream.js';

test('no more work is done at once than there are workers, and in the order of asking', async () => {
  const end = new AbortController();
  const downstream = createDownstream({ workers: 2, serviceMs: 1 }, end.signal);
  const done: number[] = [];
  const work = [1, 2, 3, 4, 5].map(async (n) => {
    if (await downstream.work()) done.push(n);
  });
  expect(downstream.waiting).toBe(3);
  await Promise.all(work);
  expect(done).toEqual([1, 2, 3, 4, 5]);
  expect(downstream.waiting).toBe(0);
});

test('whoever works or waits in line is let go at the end', async () => {
  const end = new AbortController();
  const downstream = createDownstream({ workers: 1, serviceMs: 60_000 }, end.signal);
  const work = [downstream.work(), downstream.work(), downstream.work()];
  end.abort();
  expect(await Promise.all(work)).toEqual([false, false, false]);
  expect(downstream.waiting).toBe(0);
});
