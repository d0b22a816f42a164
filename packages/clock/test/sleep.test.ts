import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../src/index.js';
import { createManualClock } from '../src/testing.js';

const manual = createManualClock(1_000);

/** Each clock, how its time passes here, and how many sleeps hold something that can wake them. */
const clocks: [string, Clock, (ms: number) => void, () => number][] = [
  ['systemClock', systemClock, (ms) => vi.advanceTimersByTime(ms), () => vi.getTimerCount()],
  ['createManualClock', manual, (ms) => manual.advance(ms), () => manual.pending],
];

/** What a promise has come to once everything that can run has run. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = 'pending';
  promise.then(
    () => {
      state = 'resolved';
    },
    () => {
      state = 'rejected';
    },
  );
  await new Promise((resolve) => setImmediate(resolve));
  return state;
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe.each(clocks)('the sleep of %s', (_, clock, pass, pending) => {
  test('ends when its time has passed, and not a millisecond earlier', async () => {
    const slept = clock.sleep(250);
    pass(249);
    expect(await stateOf(slept)).toBe('pending');
    pass(1);
    expect(await stateOf(slept)).toBe('resolved');
    expect(pending()).toBe(0);
  });

  test('of nothing ends at once', async () => {
    expect(await stateOf(clock.sleep(0))).toBe('resolved');
    expect(pending()).toBe(0);
  });

  test('that is aborted beforehand rejects with the very reason, and starts nothing', async () => {
    const reason = { why: 'gone already' };
    const signal = AbortSignal.abort(reason);
    await expect(clock.sleep(250, { signal })).rejects.toBe(reason);
    expect(pending()).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('that is aborted on its way rejects with the very reason, and leaves nothing', async () => {
    const reason = { why: 'gone meanwhile' };
    const leaving = new AbortController();
    const slept = clock.sleep(250, { signal: leaving.signal });
    pass(100);
    leaving.abort(reason);
    await expect(slept).rejects.toBe(reason);
    expect(pending()).toBe(0);
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
  });

  test('leaves no listener on its signal when it ends by itself', async () => {
    const { signal } = new AbortController();
    const slept = clock.sleep(250, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    pass(250);
    await slept;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('of a length that is no length rejects, naming function, argument and value', async () => {
    const must = 'sleep: ms must be a number of at least 0, got';
    await expect(clock.sleep(-1)).rejects.toEqual(new RangeError(`${must} -1`));
    await expect(clock.sleep(Number.NaN)).rejects.toEqual(new RangeError(`${must} NaN`));
    const text = '5' as unknown as number;
    await expect(clock.sleep(text)).rejects.toEqual(new TypeError(`${must} "5"`));
    expect(pending()).toBe(0);
  });

  test('without end goes on until it is aborted', async () => {
    const leaving = new AbortController();
    const slept = clock.sleep(Infinity, { signal: leaving.signal });
    pass(100_000);
    expect(await stateOf(slept)).toBe('pending');
    leaving.abort('enough');
    await expect(slept).rejects.toBe('enough');
    expect(pending()).toBe(0);
  });
});
