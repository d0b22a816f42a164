import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../src/index.js';

const longestTimerMs = 2 ** 31 - 1;

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 5_000, toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  test('reads the monotonic clock for now and the wall clock for wallNow', () => {
    vi.advanceTimersByTime(250);
    expect([systemClock.now(), systemClock.wallNow()]).toEqual([performance.now(), 5_250]);
    const before = systemClock.now();
    vi.setSystemTime(1_000);
    expect([systemClock.now(), systemClock.wallNow()]).toEqual([before, 1_000]);
  });

  test('measures a sleep on now: a wall clock that is set neither ends nor delays it', async () => {
    let ended = false;
    const slept = systemClock.sleep(1_000).then(() => {
      ended = true;
    });
    vi.setSystemTime(1_000_000_000);
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).toBe(false);
    vi.setSystemTime(0);
    await vi.advanceTimersByTimeAsync(1);
    await slept;
    expect(ended).toBe(true);
  });

  test('sleeps longer than any timer lasts, timer after timer', async () => {
    const startedAt = systemClock.now();
    let endedAt: number | undefined;
    const slept = systemClock.sleep(2 * longestTimerMs + 3).then(() => {
      endedAt = systemClock.now() - startedAt;
    });
    const wakes: number[] = [];
    while (vi.getTimerCount() > 0 && wakes.length < 5) {
      await vi.advanceTimersToNextTimerAsync();
      wakes.push(systemClock.now() - startedAt);
    }
    expect(wakes).toEqual([longestTimerMs, 2 * longestTimerMs, 2 * longestTimerMs + 3]);
    await slept;
    expect(endedAt).toBe(2 * longestTimerMs + 3);
  });

  test('is not woken by a timer that fires early', async () => {
    const startedAt = systemClock.now();
    const setOnTime = globalThis.setTimeout;
    const early = (wake: () => void, ms: number) => setOnTime(wake, ms - 1);
    vi.spyOn(globalThis, 'setTimeout').mockImplementationOnce(early as typeof setTimeout);
    const slept = systemClock.sleep(10).then(() => systemClock.now() - startedAt);
    await vi.advanceTimersByTimeAsync(10);
    expect(await slept).toBe(10);
  });

  test('cannot be changed by whoever holds it', () => {
    expect(Object.isFrozen(systemClock)).toBe(true);
  });
});
