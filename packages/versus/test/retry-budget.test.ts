import { setImmediate } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { callScenarios } from '../src/retry-budget/call-scenarios.js';
import { createHandLoop } from '../src/retry-budget/hand-loop.js';
import { measureLimiter } from '../src/retry-budget/limiter.js';
import { spokenMedian } from '../src/retry-budget/recovery.js';
import { gabion } from '../src/retry-budget/subjects.js';
import { createVirtualTime } from '../src/retry-budget/virtual-time.js';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

describe('ours where a call is retried', () => {
  test.each(callScenarios)('$claim', async ({ run }) => {
    expect(await run(gabion)).toMatchObject({ verdict: 'holds' });
  });
});

describe('the loop by hand', () => {
  test('tries as often as it is told, and throws what the last attempt threw', async () => {
    const errors = [1, 2, 3, 4];
    const loop = createHandLoop({ maxAttempts: 3, baseMs: 0 });
    await expect(loop(() => Promise.reject(errors.shift()))).rejects.toBe(3);
    expect(await loop(async () => 'well')).toBe('well');
  });
});

describe('virtual time', () => {
  test('wakes up who is due, in order, and takes no time', async () => {
    const { clock, run } = createVirtualTime();
    const woken: number[] = [];
    const one = async (ms: number) => {
      await clock.sleep(ms);
      await clock.sleep(ms);
      woken.push(ms, clock.now());
    };
    await run(Promise.all([one(86_400_000), one(1), one(2)]));
    expect(woken).toEqual([1, 2, 2, 4, 86_400_000, 172_800_000]);
  });

  test('whoever was aborted is not waited for; whoever waits for nobody is an error', async () => {
    const { clock, run } = createVirtualTime();
    const controller = new AbortController();
    const asleep = clock.sleep(1_000, { signal: controller.signal });
    asleep.catch(() => {});
    await setImmediate();
    controller.abort('up');
    await expect(run(asleep)).rejects.toBe('up');
    expect(clock.now()).toBe(0);
    await expect(run(new Promise(() => {}))).rejects.toThrow('nobody will wake up');
  });
});

test('at a limiter, heeding Retry-After costs less than not, and the gate least', async () => {
  const { tables } = await measureLimiter();
  const requests = tables[0]?.rows.map((row) => row[1] as number) ?? [];
  expect(requests).toEqual([...requests].sort((a, b) => b - a));
  expect(requests.at(-1)).toBeLessThan(0.5 * (requests[0] as number));
});

test('a recovery that most seeds have not seen is none', () => {
  const of = (...ms: (number | null)[]) => ms.map((recoveredAfterMs) => ({ recoveredAfterMs }));
  expect(spokenMedian(of(3_000, 1_000, 2_000))).toBe(2);
  expect(spokenMedian(of(3_000, null, 2_000))).toBe(3);
  expect(spokenMedian(of(null, null, 2_000))).toBe('not in 180');
});
