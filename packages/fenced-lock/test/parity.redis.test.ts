import { createManualClock } from '@gabion/clock/testing';
import { redisForTests } from '@gabion/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { redisLeaseStore } from '../src/redis.js';
import type { LeaseStore } from '../src/store.js';
import { anyHistory, playBoth } from './lease-histories.js';
import { redisAt } from './redis-clock.js';

const clock = createManualClock();
let shared: ReturnType<typeof redisForTests>;
let histories = 0;

beforeAll(() => {
  shared = redisForTests(inject('redisUrl'));
});
afterAll(() => shared.cleanup());

/** A store of its own namespace, so that its counter begins where a memory store's does. */
function newStore(): { store: LeaseStore; start: string; published(): Promise<string[]> } {
  histories += 1;
  const keyPrefix = shared.prefix;
  const namespace = `n-${histories}`;
  const store = redisLeaseStore(redisAt(shared.redis, clock), { keyPrefix, namespace });
  const lease = `${keyPrefix}:{${namespace}}:lease:`;
  return {
    store,
    start: 'start of ',
    async published() {
      const lists = ['k', '{l}'].map((key) => `${lease}start of ${key}|published`);
      return (await Promise.all(lists.map((list) => shared.redis.lrange(list, 0, -1)))).flat();
    },
  };
}

describe('1. The fence only grows', () => {
  test('memory and Redis answer alike on any history, fence for fence, and wake the same waiters', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const { published, ...remote } = newStore();
        const { memory, other } = await playBoth(history, clock, remote);
        expect(other).toEqual(memory.answers);
        const wakes = memory.wakes.map(
          ({ key, waiter }) => `fenced-lock:wake:${waiter} ${waiter} ${key}`,
        );
        expect((await published()).sort()).toEqual(wakes.sort());
      }),
      { numRuns: 300 },
    );
  });
});
