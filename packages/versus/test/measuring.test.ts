import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { closedLoop } from '../src/closed-loop.js';
import { withFakeTime } from '../src/fake-time.js';
import { interleave } from '../src/interleave.js';
import { calibrate, compileLoop } from '../src/loop.js';
import { endingWithin } from '../src/outcome-in-time.js';
import { callsBetween, sentOf } from '../src/redis-usage.js';
import { zipfRanks } from '../src/zipf.js';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

test('candidates take turns, and the round that warms up is not counted', async () => {
  const turns: string[] = [];
  const samples = await interleave(['A', 'B', 'C'], 2, async (name) => {
    turns.push(name);
    return turns.length;
  });
  expect(turns.join('')).toBe('ABCABCABC');
  expect(samples).toEqual([
    [4, 7],
    [5, 8],
    [6, 9],
  ]);
});

const work = { name: 'work', awaited: false, expects: () => true };

test('a loop does its work so many times on one input', async () => {
  const seen: string[] = [];
  const loop = compileLoop({ ...work, run: (input) => seen.push(input) }, 'hot');
  await loop.time(3);
  expect(seen).toEqual(['hot', 'hot', 'hot']);
});

test('a loop goes through many inputs in their order, round and round, and on where it was', async () => {
  const seen: string[] = [];
  const inputs = { all: ['a', 'b', 'c'], order: Uint32Array.of(0, 2, 1, 0) };
  const loop = compileLoop({ ...work, run: (input) => seen.push(input) }, inputs);
  await loop.time(3);
  await loop.time(3);
  expect(seen.join('')).toBe('acbaac');
});

test('an awaited loop has one promise at a time, and a rejection is a result', async () => {
  const history: string[] = [];
  const run = async () => {
    history.push('begin');
    await sleep(1);
    history.push('end');
    throw 'refused';
  };
  const expects = (result: unknown) => result === 'refused';
  await compileLoop({ ...work, run, awaited: true, expects }, 'hot').time(2);
  expect(history).toEqual(['begin', 'end', 'begin', 'end']);
});

test('a candidate that answers something else than was asked for is no candidate', async () => {
  const loop = compileLoop(
    { ...work, run: () => false, expects: (result) => result === true },
    'x',
  );
  await expect(loop.time(1)).rejects.toThrow('work answered false');
});

test('two loops over the same text are two functions', async () => {
  const spy = vi.spyOn(globalThis, 'Function');
  compileLoop({ ...work, run: () => true }, 'x');
  compileLoop({ ...work, run: () => true }, 'x');
  const texts = spy.mock.calls.map((args) => args.at(-1));
  spy.mockRestore();
  expect(new Set(texts).size).toBe(2);
});

test('a calibrated count takes about as long as it was asked to', async () => {
  const run = () => {
    const endsAt = performance.now() + 0.05;
    while (performance.now() < endsAt);
  };
  const times = await calibrate(compileLoop({ ...work, run }, 'x'), 20);
  expect(times).toBeGreaterThan(0);
  expect(times).toBeLessThan(401);
});

test('a closed loop keeps so many under way and never more', async () => {
  let underWay = 0;
  let most = 0;
  const operation = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(1);
    underWay -= 1;
  };
  const { operations, latenciesMs } = await closedLoop(operation, { inFlight: 8, durationMs: 30 });
  expect([most, underWay]).toEqual([8, 0]);
  expect(latenciesMs).toHaveLength(operations);
});

test('faked time stands still, moves by hand, and is given back', async () => {
  const before = Date.now();
  await withFakeTime(async (time) => {
    const [date, monotonic] = [Date.now(), performance.now()];
    time.advance(86_400_000);
    expect([Date.now() - date, performance.now() - monotonic]).toEqual([86_400_000, 86_400_000]);
  });
  expect(Date.now() - before).toBeLessThan(60_000);
});

test('faked time is given back after a failure, too', async () => {
  const real = Date.now;
  await withFakeTime(() => Promise.reject(new Error('oops'))).catch(() => undefined);
  expect(Date.now).toBe(real);
});

test('a call ends in an answer, in an error or, when time is up, in silence', async () => {
  const never = new Promise<never>(() => undefined);
  expect(await endingWithin(1_000, Promise.resolve(1))).toMatchObject({ status: 'answered' });
  expect(await endingWithin(1_000, Promise.reject('no'))).toMatchObject({ error: 'no' });
  expect(await endingWithin(5, never)).toMatchObject({ status: 'silent' });
});

test('commands inside of a script are not counted as sent', () => {
  const before = { cpuUs: 0, calls: { evalsha: 10, get: 10, info: 3 } };
  const after = { cpuUs: 9, calls: { evalsha: 110, get: 110, time: 100, info: 4 } };
  const calls = callsBetween(before, after, 100);
  expect(calls).toEqual({ evalsha: 1, get: 1, time: 1 });
  expect(sentOf(calls)).toBe(1);
  expect(sentOf({ get: 1, set: 2 })).toBe(3);
});

test('Zipf: rank 0 comes up about twice as often as rank 1, and the same seed draws the same', () => {
  const ranks = zipfRanks(1_000, 100_000);
  const count = (rank: number) => ranks.filter((one) => one === rank).length;
  expect(count(0) / count(1)).toBeCloseTo(2, 0);
  expect(Math.max(...ranks)).toBeLessThan(1_000);
  expect(zipfRanks(10, 5)).toEqual(zipfRanks(10, 5));
});
