import { describe, expect, test } from 'vitest';
import { createStoreProbe } from '../src/index.js';

function createProbe(probeEveryMs = 1_000) {
  let now = 500;
  const probe = createStoreProbe({ now: () => now }, { probeEveryMs });
  const pass = (ms: number) => {
    now += ms;
  };
  return { probe, pass };
}

describe('a store probe', () => {
  test('lets every call ask a store that works', () => {
    const { probe } = createProbe();
    expect([probe.mayAsk(), probe.mayAsk(), probe.succeeded(), probe.probeInMs]).toEqual([
      true,
      true,
      false,
      0,
    ]);
  });

  test('calls a store broken after one failure, and says so once', () => {
    const { probe } = createProbe();
    expect([probe.failed(), probe.failed(), probe.mayAsk()]).toEqual([true, false, false]);
  });

  test('lets one call ask once probeEveryMs is over, and not a millisecond earlier', () => {
    const { probe, pass } = createProbe();
    probe.failed();
    pass(999);
    expect(probe.mayAsk()).toBe(false);
    pass(1);
    expect([probe.mayAsk(), probe.mayAsk(), probe.mayAsk()]).toEqual([true, false, false]);
  });

  test('lets another ask when a probe never came back', () => {
    const { probe, pass } = createProbe();
    probe.failed();
    pass(1_000);
    probe.mayAsk();
    pass(1_000);
    expect([probe.mayAsk(), probe.mayAsk()]).toEqual([true, false]);
  });

  test('counts the time to the next probe from the latest failure', () => {
    const { probe, pass } = createProbe();
    probe.failed();
    pass(1_000);
    probe.mayAsk();
    pass(300);
    probe.failed();
    pass(999);
    expect([probe.probeInMs, probe.mayAsk()]).toEqual([1, false]);
    pass(1);
    expect([probe.probeInMs, probe.mayAsk()]).toEqual([0, true]);
  });

  test('calls a store mended after one success, and says so once', () => {
    const { probe, pass } = createProbe();
    probe.failed();
    pass(1_000);
    probe.mayAsk();
    expect([probe.succeeded(), probe.succeeded(), probe.probeInMs]).toEqual([true, false, 0]);
    expect([probe.mayAsk(), probe.mayAsk()]).toEqual([true, true]);
  });

  test('tells the time to the next probe in whole milliseconds, rounded up', () => {
    const { probe, pass } = createProbe(10);
    probe.failed();
    const told: number[] = [];
    for (const ms of [0, 0.25, 9, 0.75, 5]) {
      pass(ms);
      told.push(probe.probeInMs);
    }
    expect(told).toEqual([10, 10, 1, 0, 0]);
  });
});
