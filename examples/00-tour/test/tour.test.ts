import { describe, expect, test } from 'vitest';
import type { TourStop } from '../stop.js';
import { guide } from '../tour.js';
import { findings, paperScreen, stopThat, stopWith } from './fixtures.js';

async function tourOf(stops: readonly TourStop[], signal = new AbortController().signal) {
  const screen = paperScreen();
  const exitCode = await guide(stops, { screen, redis: undefined, signal });
  return { exitCode, text: screen.text };
}

describe('the exit code of the tour', () => {
  test('is 0 when every promise was kept', async () => {
    const { exitCode, text } = await tourOf([stopWith(true), stopWith(true, 'dike')]);
    expect(exitCode).toBe(0);
    expect(text).toMatch(/✔ the dam holds\n +0 leaks/);
    expect(text).toContain('✔ 1 of 1');
    expect(text).toContain('Every promise was kept.');
  });

  test('is 1 when a promise was broken, which is shown at its place and in the table', async () => {
    const { exitCode, text } = await tourOf([stopWith(false), stopWith(true, 'dike')]);
    expect(exitCode).toBe(1);
    expect(text).toMatch(/✘ BROKEN: the dam holds\n +3 leaks/);
    expect(text).toMatch(/│ dam .*✘ 0 of 1/);
    expect(text).toMatch(/│ dike .*✔ 1 of 1/);
    expect(text).not.toContain('Every promise was kept.');
  });

  test('is 1 when a stop cannot be run, and the next one is shown all the same', async () => {
    const cause = new Error('the river is dry');
    const dry = stopThat(() => Promise.reject(new Error('no water', { cause })));
    const { exitCode, text } = await tourOf([dry, stopWith(true, 'dike')]);
    expect(exitCode).toBe(1);
    expect(text).toContain('✘ dam could not be run. no water\n  because: the river is dry');
    expect(text).toContain('✔ the dam holds');
  });

  test('is 1 when a stop promises nothing, or when there is none', async () => {
    const silent = stopThat(async () => ({ ...findings(), promises: [] }));
    expect((await tourOf([silent])).exitCode).toBe(1);
    expect((await tourOf([])).exitCode).toBe(1);
  });
});

describe('a tour that is told to end', () => {
  test('shows no further stop and no table', async () => {
    const end = new AbortController();
    const first = stopThat(async ({ signal }) => {
      end.abort(new Error('ended by SIGINT'));
      signal.throwIfAborted();
      return findings();
    });
    const { exitCode, text } = await tourOf([first, stopWith(true, 'dike')], end.signal);
    expect(exitCode).toBe(1);
    expect(text).toContain('The tour was ended by SIGINT');
    expect(text).not.toContain('dike');
    expect(text).not.toContain('promises');
  });
});

test('every stop of a tour shares one prefix for its keys, and two tours do not', async () => {
  const prefixes: string[] = [];
  const noting = stopThat(async ({ keyPrefix }) => {
    prefixes.push(keyPrefix);
    return findings();
  });
  await tourOf([noting, noting]);
  await tourOf([noting]);
  expect(prefixes[0]).toMatch(/^[a-z0-9-]+$/);
  expect(prefixes[1]).toBe(prefixes[0]);
  expect(prefixes[2]).not.toBe(prefixes[0]);
});
