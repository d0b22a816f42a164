import { redisForTests } from '@gabion/testkit';
import type { Stage } from '@gabion-examples/tour/stop';
import type { Redis } from 'ioredis';
import { describe, expect, inject, test } from 'vitest';
import { timesPaid } from '../findings.js';
import { tourPlan } from '../night.js';
import { demonstrate } from '../stop.js';

function stageOn(redis?: Redis, keyPrefix = 'stage'): Stage {
  const { signal } = new AbortController();
  return { redis, keyPrefix, signal, phase: (_title, work) => work(() => undefined) };
}

async function check(stage: Stage): Promise<void> {
  const { without, guarded, findings } = await demonstrate(tourPlan, stage);

  // The harm: a lost deposit, and interest paid twice after it.
  const { pausedAt, accounts, deposit } = tourPlan;
  expect(without.bank.balances[pausedAt]).toBeLessThan(deposit);
  const twice = timesPaid(tourPlan, without).flatMap((times, i) => (times === 2 ? [i] : []));
  expect(twice).toEqual(Array.from({ length: accounts - pausedAt }, (_, i) => i + pausedAt));
  expect(without.port).toEqual({ accepted: true, answered: false });

  // The cure.
  expect(findings.promises.filter(({ kept }) => !kept)).toEqual([]);
  const refused = guarded.bank.writes.filter(({ accepted }) => !accepted);
  expect(refused).toMatchObject([{ by: 'first', account: pausedAt }]);
  const fences = guarded.bank.writes.filter(({ accepted }) => accepted).map(({ fence }) => fence);
  expect(fences).toEqual([...fences].sort((a, b) => a - b));
  expect(findings.timeline.map(({ atMs }) => atMs)).toEqual(
    findings.timeline.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
  );
}

describe('a paused leader corrupts the ledger, and with the fence it does not', () => {
  test('with the leases in the parent process', () => check(stageOn()));

  test('with the leases on Redis', async () => {
    await using connected = redisForTests(inject('redisUrl'));
    await check(stageOn(connected.redis, connected.prefix.replaceAll(/[^a-z0-9]/gi, '')));
  });
});
