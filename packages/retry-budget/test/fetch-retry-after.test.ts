import { createManualClock } from '@gabion/clock/testing';
import { until } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';
import type { PooledRetrierOptions } from '../src/retrier-pool.js';
import { retryInfo } from '../src/retry-info.js';
import { impatient } from './fetch-pools.js';
import { reply, scripted } from './fetch-server.js';

const serverDate = 'Sun, 06 Nov 1994 08:49:07 GMT';
const inThirtySeconds = [
  ['30', serverDate],
  ['Sun, 06 Nov 1994 08:49:37 GMT', serverDate],
  ['Sunday, 06-Nov-94 08:49:37 GMT', serverDate],
  ['Sun Nov  6 08:49:37 1994', serverDate],
] as const;

/** One whose waits are drawn without jitter, on a clock that is moved by hand. */
function patient(options: PooledRetrierOptions = {}) {
  const clock = createManualClock(Date.UTC(2026, 10, 22));
  return { clock, fetch: impatient({ clock, random: () => 0, ...options }) };
}

const throttled = (status: number, after: string, date = serverDate) =>
  reply(status, { 'retry-after': after, date });

describe('5. Retry-After is a floor', () => {
  test.each(inThirtySeconds)(
    'Retry-After: %s is waited for to the millisecond',
    async (after, date) => {
      for (const status of [429, 503, 500]) {
        const server = await scripted(throttled(status, after, date));
        const { clock, fetch } = patient();
        const call = fetch(server.url);
        await until(() => clock.pending === 1);
        clock.advance(29_999);
        expect(clock.pending).toBe(1);
        clock.advance(1);
        expect((await call).status).toBe(200);
        expect(server.received).toHaveLength(2);
      }
    },
  );

  test.each(['0x1', '1e3', '1.5', '-5', '', 'soon'])('%j is ignored', async (after) => {
    const server = await scripted(throttled(503, after), throttled(429, after));
    const { clock, fetch } = patient();
    expect((await fetch(server.url)).status).toBe(200);
    expect(clock.pending).toBe(0);
  });

  test('one that is longer than the deadline gives the answer back at once', async () => {
    const server = await scripted(throttled(429, '30'));
    const { clock, fetch } = patient({ deadlineMs: 30_000 });
    const response = await fetch(server.url);
    expect(response.status).toBe(429);
    expect(retryInfo(response)).toMatchObject({ retryAfterMs: 30_000, budgetExhausted: false });
    expect([server.received.length, clock.pending]).toEqual([1, 0]);
  });

  test('it closes the gate of its origin for everyone, first attempts included', async () => {
    const server = await scripted(throttled(429, '30'));
    const other = await scripted();
    const { clock, fetch } = patient();
    const first = fetch(server.url);
    await until(() => clock.pending === 1);
    const second = fetch(`${server.url}other`, { method: 'POST' });
    await until(() => clock.pending === 2);
    expect((await fetch(other.url)).status).toBe(200);
    expect(server.received).toHaveLength(1);
    clock.advance(30_000);
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
  });

  test('a POST that is not repeated closes it, too', async () => {
    const server = await scripted(throttled(503, '30'));
    const { clock, fetch } = patient({ deadlineMs: 10_000 });
    const response = await fetch(server.url, { method: 'POST' });
    expect([response.status, server.received.length]).toEqual([503, 1]);
    await expect(fetch(server.url)).rejects.toMatchObject({
      code: 'GATE_CLOSED',
      retryAfterMs: 30_000,
    });
    expect(server.received).toHaveLength(1);
    clock.advance(30_000);
    expect((await fetch(server.url)).status).toBe(200);
  });
});

describe('9. a throttled answer costs a part of a retry', () => {
  test.each([
    ['429', reply(429, {}), 5],
    ['503 with Retry-After', throttled(503, '0'), 5],
    ['503 without', reply(503, {}), 2],
    ['503 with a malformed one', throttled(503, 'soon'), 2],
    ['500 with Retry-After', throttled(500, '0'), 2],
  ])('%s', async (_, step, retries) => {
    const server = await scripted(...Array.from({ length: 20 }, () => step));
    const budget = { ratio: 0, reserve: 2 };
    const { fetch } = patient({ budget, throttledCost: 2 / 5, maxAttempts: 20 });
    await fetch(server.url);
    expect(server.received).toHaveLength(1 + retries);
  });
});
