import { redisForTests } from '@gabion/testkit';
import type { Redis } from 'ioredis';
import { describe, expect, inject, test } from 'vitest';
import { demonstrate } from '../stop.js';
import { longestLine, pagesPerSecond, sinceFlood } from '../tally.js';
import { quickLoad, stageOn } from './stage.js';

async function check(redis?: Redis, keyPrefix?: string): Promise<void> {
  const stage = stageOn(redis, keyPrefix === undefined ? {} : { keyPrefix });
  const { without, limited, findings } = await demonstrate(quickLoad, stage);

  // The harm: a long line, obedient clients that give up, pages for nobody.
  const hungUp = sinceFlood(quickLoad, without, 'obedient').filter(
    ({ outcome }) => outcome === 'hung-up',
  );
  expect(hungUp.length).toBeGreaterThan(0);
  expect(without.served.forNobody).toBeGreaterThan(0);
  expect(without.decisions).toEqual([]);
  expect(longestLine(without)).toBeGreaterThan(longestLine(limited));
  const greedyBefore = pagesPerSecond(quickLoad, without, 'greedy');
  expect(greedyBefore).toBeGreaterThan(pagesPerSecond(quickLoad, limited, 'greedy'));

  // The cure: what is exact, however busy the machine, and that it helps. How much of their rate
  // the obedient clients get is for the tour to show, where nothing else runs beside it.
  const [neverMore, saysWhen, exactWait, , , better] = findings.promises;
  expect([neverMore, saysWhen, exactWait, better]).toMatchObject(Array(4).fill({ kept: true }));
  expect(limited.answers.some(({ outcome }) => outcome === 'failed')).toBe(false);
  expect(findings.timeline.map(({ atMs }) => atMs)).toEqual(
    findings.timeline.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
  );
}

describe('greedy clients starve the obedient ones, and with the limiter they do not', () => {
  test('in memory', () => check());

  test('on Redis', async () => {
    await using connected = redisForTests(inject('redisUrl'));
    await check(connected.redis, connected.prefix);
  });
});
