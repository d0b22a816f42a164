import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFencedLock, type LeaseStore } from '../src/index.js';
import { fencedSet, redisLeaseStore } from '../src/redis.js';
import { findViolations } from './history.js';
import { startWorkload } from './workload.js';

const own = ownRedis();

const faults = {
  stall: () => own.proxy.stall(),
  'lose replies': () => own.proxy.dropReplies(),
  cut: () => own.proxy.cut(),
  delay: () => own.proxy.delay(60),
  SIGSTOP: () => own.server.pause(),
  'kill -9': async () => {
    await own.server.kill();
    await own.server.restart();
  },
} as const;
type FaultName = keyof typeof faults;

async function suffer(fault: FaultName, forMs: number): Promise<void> {
  await faults[fault]();
  await pause(forMs);
  if (fault === 'SIGSTOP') own.server.resume();
  own.proxy.heal();
  await pause(60);
}

function connect(): Redis {
  const redis = new Redis(own.proxy.url(), { retryStrategy: () => 20, maxRetriesPerRequest: 0 });
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** Three processes' worth of locks on two keys, and the register that their fences guard. */
function start(wrap: (store: LeaseStore) => LeaseStore = (store) => store) {
  const locks = [0, 1, 2].map(() => {
    const options = { namespace: 'history', subscriber: connect(), timeoutMs: 150 };
    const store = redisLeaseStore(connect(), options);
    onTestFinished(() => store.close());
    return createFencedLock({ store: wrap(store), leaseMs: 250 });
  });
  const writer = connect();
  const write = (fence: number) =>
    fencedSet(writer, 'register', String(fence), fence, { namespace: 'history', timeoutMs: 150 });
  return startWorkload({ locks, keys: ['a', 'b'], write });
}

const times = fc.integer({ min: 20, max: 300 });
const kept: FaultName[] = ['stall', 'lose replies', 'cut', 'delay', 'SIGSTOP'];
const script = (names: readonly FaultName[]) =>
  fc.array(fc.tuple(fc.constantFrom(...names), times), { minLength: 4, maxLength: 6 });

async function violationsUnder(plan: readonly (readonly [FaultName, number])[]): Promise<string[]> {
  const workload = start();
  for (const [fault, forMs] of plan) await suffer(fault, forMs);
  const before = workload.grants();
  await until(() => workload.grants() > before + 5, { what: 'work after the faults' });
  const forgets = plan.some(([fault]) => fault === 'kill -9');
  return findViolations(await workload.stop(), { forgets });
}

describe('histories on Redis', () => {
  test('stalls, lost replies, cuts, delays and SIGSTOP break no rule of a fenced mutex', async () => {
    await fc.assert(
      fc.asyncProperty(script(kept), async (plan) => {
        expect(await violationsUnder(plan)).toEqual([]);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  test('with kill -9 and no persistence as well, no fence goes back and no stale write lands', async () => {
    await fc.assert(
      fc.asyncProperty(script([...kept, 'kill -9']), async (plan) => {
        expect(await violationsUnder([['kill -9', 50], ...plan])).toEqual([]);
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  test('a store that grants a held lock is found out', async () => {
    const generous = (store: LeaseStore): LeaseStore => ({
      ...store,
      async acquire(request, options) {
        const answer = await store.acquire(request, options);
        if (answer.status === 'granted') return answer;
        return { status: 'granted', fence: Number(await own.direct.incr('{history}:generous')) };
      },
    });
    const workload = start(generous);
    await until(() => workload.grants() > 20);
    expect(findViolations(await workload.stop())).not.toEqual([]);
  });
});
