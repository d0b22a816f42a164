import type { RedisClient } from '@gabion/redis-script';
import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFaultBucket } from './fault-bucket.js';

const own = ownRedis();

/** A client, and the instants at which it was handed a command. */
function timed(redis: Redis): { redis: RedisClient; sentMs: number[] } {
  const sentMs: number[] = [];
  const recorder: RedisClient = {
    get status() {
      return redis.status;
    },
    evalsha(...call) {
      sentMs.push(performance.now());
      return redis.evalsha(...call);
    },
    eval: (...call) => redis.eval(...call),
    on: (event, listener) => redis.on(event, listener),
    off: (event, listener) => redis.off(event, listener),
  };
  return { redis: recorder, sentMs };
}

describe('7. A dead store is quick and honest', () => {
  test('while Redis hangs it is sent one command per probeEveryMs, however many call', async () => {
    const client = new Redis(own.proxy.url(), { retryStrategy: () => 20 });
    client.on('error', () => {});
    onTestFinished(() => client.disconnect());
    const { redis, sentMs } = timed(client);
    await until(() => client.status === 'ready');
    const probeEveryMs = 150;
    const options = { onStoreError: 'deny', probeEveryMs } as const;
    const { bucket, events } = createFaultBucket(redis, options);
    expect(await bucket.take('k')).toMatchObject({ source: 'store' });
    own.proxy.stall();
    expect(await bucket.take('k')).toMatchObject({ source: 'policy' });
    const before = sentMs.length;
    let calls = 0;
    await until(async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => bucket.take('k')));
      calls += answers.length;
      expect(answers.filter(({ degraded }) => !degraded)).toEqual([]);
      return sentMs.length >= before + 4;
    });
    expect(calls).toBeGreaterThan(30);
    const pauses = sentMs.slice(before).map((ms, i) => ms - (sentMs[before + i - 1] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(probeEveryMs);
    own.proxy.heal();
    await until(async () => (await bucket.take('k')).source === 'store');
    expect(events()).toEqual(['failed', 'recovered']);
  });
});
