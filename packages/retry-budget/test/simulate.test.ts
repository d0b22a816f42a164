import { describe, expect, test, vi } from 'vitest';
import { createRetrier, fullJitter } from '../src/index.js';
import { policies, simulate } from '../src/simulate.js';
import { between, brief, short } from './simulate-fixtures.js';

const outage = { ...short, fault: { fromMs: 2_000, toMs: 6_000, capacityPerSecond: 0 } };

describe('a simulation', () => {
  test('is the same for the same seed, and another one for another', async () => {
    const first = await brief({ policy: policies.success });
    expect(await brief({ policy: policies.success })).toEqual(first);
    expect(await brief({ policy: policies.success, seed: 2 })).not.toEqual(first);
  });

  test('takes no real time, whatever timers a test has faked', async () => {
    vi.useFakeTimers();
    try {
      const { series } = await brief({ policy: policies.success });
      expect(series).toHaveLength(20);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('has all policies meet the same calls', async () => {
    const calls = async (policy: (typeof policies)['naive' | 'none']) =>
      (await brief({ policy })).series.map((interval) => interval.calls);
    expect(await calls(policies.naive)).toEqual(await calls(policies.none));
  });

  test('runs inside an attempt of somebody else as it does outside', async () => {
    const outside = await brief({ policy: policies.naive });
    const inside = await createRetrier().run(() => brief({ policy: policies.naive }));
    expect(inside).toEqual(outside);
  });

  test('that never fails has one attempt for each call, and recovers at once', async () => {
    const { fault, capacityPerSecond } = short;
    const simulation = await brief({
      policy: policies.naive,
      fault: { ...fault, capacityPerSecond },
      demandPerSecond: 25,
    });
    expect(simulation).toMatchObject({ amplification: 1, recoveredAfterMs: 0 });
    expect(simulation.series.every(({ successShare }) => successShare === 1)).toBe(true);
    const { calls, attempts } = between(simulation, 0, 20_000);
    expect(attempts).toBe(calls);
    // Five hundred calls are due, and 22 are the deviation that is usual.
    expect(Math.abs(calls - 500)).toBeLessThan(100);
  });

  test('of a total outage counts every attempt: naive clients make four of each call', async () => {
    // Whoever calls in the outage, but for its last four seconds, fails four times.
    const fault = { fromMs: 0, toMs: 60_000, capacityPerSecond: 0 };
    const options = { ...short, fault, clientTimeoutMs: 500, intervalMs: 60_000 };
    const naive = await simulate({ ...options, policy: policies.naive, watchMs: 1_000 });
    const [dark] = naive.series;
    expect(dark?.successShare).toBeLessThan(0.1);
    const { calls, attempts } = between(naive, 0, 60_000);
    expect(attempts / calls).toBeGreaterThan(3.7);
    expect(naive.amplification).toBeGreaterThan(3.9);
    expect(naive.amplification).toBeLessThanOrEqual(4);
  });

  test('without demand to speak of says so in whole numbers', async () => {
    const simulation = await brief({ policy: policies.success, demandPerSecond: 0.001 });
    expect(simulation).toMatchObject({ amplification: 0, goodputPerSecond: 0 });
    expect(simulation.recoveredAfterMs).toBe(0);
    expect(simulation.series[0]).toEqual({
      ...{ fromMs: 0, calls: 0, attempts: 0, goodputPerSecond: 0, successShare: 1, queued: 0 },
    });
  });

  test('keeps the line that a fault has left until it is worked off', async () => {
    const { series } = await simulate({ ...outage, policy: policies.none, seed: 3 });
    const queued = series.map((interval) => interval.queued);
    // Four seconds at 45 a second wait when the server is back, and get five fewer each second.
    expect(queued[5]).toBeGreaterThan(140);
    expect(Math.max(...queued)).toBeLessThan(260);
    expect(queued[1]).toBeLessThan(20);
    const calls = series
      .slice(2, 6)
      .reduce((sum, interval) => sum + interval.calls, queued[1] ?? 0);
    expect(queued[5]).toBe(calls);
  });

  test('serves whom nobody waits for any more: that is work, and no success', async () => {
    const simulation = await simulate({ ...outage, policy: policies.none });
    const afterwards = simulation.series.slice(6, 9);
    // The server works at its capacity and the line is long, so that all it serves is too late.
    expect(afterwards.map(({ goodputPerSecond }) => goodputPerSecond)).toEqual([0, 0, 0]);
    expect(afterwards.every(({ queued }) => queued > 50)).toBe(true);
  });

  test('spends the time of retries on its own clock', async () => {
    const policy = { maxAttempts: 2, backoff: fullJitter({ baseMs: 86_400_000, maxMs: 1e9 }) };
    const simulation = await simulate({ ...outage, policy, watchMs: 16_000 });
    expect(simulation.series).toHaveLength(22);
  });
});
