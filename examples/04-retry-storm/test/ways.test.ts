import { describe, expect, test } from 'vitest';
import { tourLoad } from '../load.js';
import {
  budgeted,
  budgetedWithBreaker,
  isRefusal,
  naive,
  naiveWithBreaker,
  type Way,
} from '../ways.js';

const load = { ...tourLoad, baseMs: 0, breakerOpenMs: 60_000 };
const down = new Error('down');

/** One client of a way calls so often, and nothing is answered. */
async function outage(way: Way, calls: number) {
  const { signal } = new AbortController();
  const client = way(load, signal);
  const errors: unknown[] = [];
  let attempts = 0;
  const send = async () => {
    attempts += 1;
    throw down;
  };
  for (let i = 0; i < calls; i += 1) {
    await client.call(send).catch((error: unknown) => errors.push(error));
  }
  client.close();
  const refused = errors.filter(isRefusal).length;
  expect(errors.filter((error) => error === down)).toHaveLength(calls - refused);
  return { attempts, refused };
}

describe('in an outage', () => {
  test('naive clients send four requests a call', async () => {
    expect(await outage(naive, 50)).toEqual({ attempts: 200, refused: 0 });
  });

  test('budgeted ones send one, and their reserve', async () => {
    expect(await outage(budgeted, 50)).toEqual({ attempts: 50 + load.reserve, refused: 0 });
  });

  test('a breaker stops both, first attempts too', async () => {
    const loop = await outage(naiveWithBreaker, 50);
    expect(loop.attempts).toBeLessThan(10);
    expect(loop.refused).toBeGreaterThanOrEqual(48);
    const both = await outage(budgetedWithBreaker, 50);
    expect(both.attempts).toBeLessThan(10);
    expect(both.refused).toBeGreaterThanOrEqual(44);
  });
});

describe.each([
  ['naive', naive],
  ['budgeted', budgeted],
  ['naive with a breaker', naiveWithBreaker],
  ['budgeted with a breaker', budgetedWithBreaker],
] as const)('a client that is %s', (_, way) => {
  test('tries again until it is answered', async () => {
    const client = way(load, new AbortController().signal);
    let attempts = 0;
    await client.call(async () => {
      attempts += 1;
      if (attempts < 3) throw down;
    });
    client.close();
    expect(attempts).toBe(3);
  });

  test('gives up an attempt that takes too long, and all of them at the end', async () => {
    const end = new AbortController();
    const client = way({ ...load, timeoutMs: 20 }, end.signal);
    const aborted: unknown[] = [];
    const calling = client.call(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push(signal.reason);
            if (aborted.length === 2) end.abort('the end');
            reject(signal.reason);
          });
        }),
    );
    await expect(calling).rejects.toBeDefined();
    client.close();
    // The second one was given up for its time; there was no third.
    expect(aborted).toHaveLength(2);
  });
});
