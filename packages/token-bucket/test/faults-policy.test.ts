import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OnStoreError } from '../src/index.js';
import { createFaultBucket, endingOf, latestMs, timeOf } from './fault-bucket.js';

const own = ownRedis();
const probeEveryMs = 60_000;

describe('7. A dead store is quick and honest', () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = new Redis(own.server.url, { retryStrategy: () => 20 });
    redis.on('error', () => {});
    await until(() => redis.status === 'ready');
    await own.server.kill();
    await until(() => redis.status !== 'ready');
  });
  afterAll(() => redis.disconnect());

  /** A bucket that has found out that its server is dead. */
  async function createDead(onStoreError: OnStoreError) {
    const { bucket } = createFaultBucket(redis, { onStoreError, probeEveryMs });
    await endingOf(bucket.peek('k'));
    return bucket;
  }

  test("'throw' rejects at once, and says that nothing was taken", async () => {
    const bucket = await createDead('throw');
    const decisions = Array.from({ length: 50 }, () => bucket.take('k'));
    expect(await timeOf(decisions)).toBeLessThan(latestMs);
    await expect(decisions[0]).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      effect: 'none',
      message: expect.stringContaining('not asked before its next probe'),
    });
  });

  test("'allow' lets everyone through, and says that nobody counted", async () => {
    const bucket = await createDead('allow');
    const answers = await Promise.all(Array.from({ length: 30 }, () => bucket.take('k')));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(30);
    expect(answers[0]).toMatchObject({ degraded: true, source: 'policy' });
  });

  test("'deny' lets nobody through, and names the next probe as the time to try again", async () => {
    const bucket = await createDead('deny');
    const answer = await bucket.take('k');
    expect(answer).toMatchObject({
      allowed: false,
      violated: [],
      degraded: true,
      source: 'policy',
    });
    const retryAfterMs = answer.allowed ? 0 : (answer.retryAfterMs ?? 0);
    expect(retryAfterMs).toBeGreaterThan(probeEveryMs / 2);
    expect(retryAfterMs).toBeLessThanOrEqual(probeEveryMs);
  });

  test('a local share lets that share through, and counts it in this process', async () => {
    const bucket = await createDead({ local: 0.5 });
    const answers = await Promise.all(Array.from({ length: 30 }, () => bucket.take('k')));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(5);
    expect(answers[0]).toMatchObject({ degraded: true, source: 'local', remaining: 4 });
  });
});
