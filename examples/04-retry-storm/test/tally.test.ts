import { describe, expect, test } from 'vitest';
import { tourLoad } from '../load.js';
import type { Call } from '../run.js';
import {
  amplification,
  answeredShare,
  count,
  goodput,
  lastShare,
  longestLine,
  recoveredAfterMs,
  retries,
  windowMs,
} from '../tally.js';
import { callAt, runOf, steadily } from './stage.js';

/** Fails the calls that begin between two moments. */
const badFrom = (fromMs: number, toMs: number) =>
  runOf(
    steadily((atMs): Partial<Call> => {
      return atMs >= fromMs && atMs < toMs ? { outcome: 'failed' } : {};
    }),
  );
const { slowToMs, runMs, timeoutMs } = tourLoad;

describe('what is counted of a run', () => {
  test('goodput: calls answered in each window, a second', () => {
    const calls = [callAt(0), callAt(10), callAt(windowMs), callAt(20, { outcome: 'failed' })];
    expect(goodput(tourLoad, runOf(calls)).slice(0, 3)).toEqual([8, 4, 0]);
    expect(goodput(tourLoad, runOf([callAt(runMs)])).every((one) => one === 0)).toBe(true);
  });

  test('a call that is not over at the end is none that was answered', () => {
    const run = runOf([callAt(100), callAt(110)], { begunAtMs: [100, 110, 120, 130] });
    expect(answeredShare(run, 0, 1_000)).toBe(0.5);
    expect(answeredShare(run, 115, 1_000)).toBe(0);
    expect(answeredShare(run, 2_000, 3_000)).toBe(1);
  });

  test('the last second ends where a call has no time for an answer', () => {
    expect(lastShare(tourLoad, badFrom(runMs - timeoutMs, runMs))).toBe(1);
    expect(lastShare(tourLoad, badFrom(runMs - timeoutMs - 500, runMs))).toBeCloseTo(0.5, 1);
  });

  test('recovery: from the first window that is good, and followed by good ones alone', () => {
    expect(recoveredAfterMs(tourLoad, badFrom(0, 0))).toBe(0);
    expect(recoveredAfterMs(tourLoad, badFrom(900, slowToMs + 1_000))).toBe(1_000);
    expect(recoveredAfterMs(tourLoad, badFrom(3_300, 3_301 + windowMs))).toBe(1_750);
    expect(recoveredAfterMs(tourLoad, badFrom(900, runMs))).toBeUndefined();
  });

  test('requests per call, since the service became slow', () => {
    const calls = [callAt(0), callAt(1_000, { attempts: 4 }), callAt(1_100, { attempts: 1 })];
    expect(amplification(tourLoad, runOf(calls))).toBe(2.5);
    expect(amplification(tourLoad, runOf([]))).toBe(0);
  });

  test('retries, lines and endings', () => {
    const calls = [callAt(0, { attempts: 3 }), callAt(1, { outcome: 'refused', attempts: 1 })];
    const line = [3, 9, 4].map((queued) => ({ atMs: 0, queued }));
    const run = runOf(calls, { line });
    expect(retries(run)).toBe(2);
    expect(longestLine(run)).toBe(9);
    expect(longestLine(runOf([]))).toBe(0);
    expect([count(run, 'answered'), count(run, 'refused'), count(run, 'failed')]).toEqual([
      1, 1, 0,
    ]);
  });
});
