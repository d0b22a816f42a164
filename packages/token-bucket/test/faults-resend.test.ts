import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { Redis as Redis6 } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFaultBucket, type Ending, endingOf, tokensIn } from './fault-bucket.js';

const own = ownRedis();

interface Options {
  autoResendUnfulfilledCommands: boolean;
  retryStrategy(): number;
}

const versions: [name: string, open: (url: string, options: Options) => Redis6 | Redis5][] = [
  ['ioredis 6', (...call) => new Redis6(...call)],
  ['ioredis 5', (...call) => new Redis5(...call)],
];

describe.each(versions)('7. A dead store is quick and honest: on %s', (_, open) => {
  function createBucket(autoResendUnfulfilledCommands: boolean, deadlineMs: number) {
    const options = { autoResendUnfulfilledCommands, retryStrategy: () => 20 };
    const redis = open(own.proxy.url(), options);
    redis.on('error', () => {});
    onTestFinished(() => redis.disconnect());
    const { bucket, keyPrefix } = createFaultBucket(redis, { deadlineMs, probeEveryMs: 1 });
    return { redis, bucket, left: () => tokensIn(own.direct, keyPrefix) };
  }

  test('a command that the client resends may charge twice, and admits its caller once', async () => {
    const { bucket, left } = createBucket(true, 20_000);
    await bucket.take('k');
    own.proxy.dropReplies();
    const taking = bucket.take('k');
    await until(async () => (await left()) === 8);
    // The connection breaks; the client sends the same command on the next one.
    own.proxy.heal();
    expect(await taking).toMatchObject({ allowed: true, remaining: 7 });
  });

  test('a client that resends never admits more than there was', async () => {
    const { bucket, left } = createBucket(true, 20_000);
    const endings: Promise<Ending>[] = [];
    for (const most of [7, 4, 1, 0]) {
      // The connection is there again, and so are the scripts.
      await bucket.peek('k');
      own.proxy.dropReplies();
      for (let i = 0; i < 3; i += 1) endings.push(endingOf(bucket.take('k')));
      await until(async () => (await left()) <= most);
      own.proxy.heal();
      await Promise.all(endings);
    }
    const admitted = (await Promise.all(endings)).filter((one) => 'allowed' in one && one.allowed);
    expect(admitted.length).toBeLessThanOrEqual(10);
    expect((await bucket.peek('k')).remaining).toBe(0);
  });

  test('with autoResendUnfulfilledCommands false nothing is charged twice', async () => {
    const { redis, bucket, left } = createBucket(false, 300);
    await bucket.take('k');
    own.proxy.dropReplies();
    const taking = endingOf(bucket.take('k'));
    await until(async () => (await left()) === 8);
    own.proxy.heal();
    expect(await taking).toEqual({ effect: 'unknown' });
    await until(() => redis.status === 'ready');
    expect(await until(() => bucket.peek('k'))).toMatchObject({ remaining: 8 });
  });
});
