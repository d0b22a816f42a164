import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fromNodeRedis, type RedisClient } from '../src/redis.js';
import { createFaultBucket, endingOf, latestMs, timeOf } from './fault-bucket.js';

const own = ownRedis();

function openIoredis(lazyConnect: boolean) {
  return (url: string): RedisClient => {
    const redis = new Redis(url, { lazyConnect, retryStrategy: () => 20 });
    redis.on('error', () => {});
    onTestFinished(() => redis.disconnect());
    return redis;
  };
}

function openNodeRedis(url: string): RedisClient {
  const client = createClient({ url, socket: { reconnectStrategy: 20 } });
  client.on('error', () => {});
  client.connect().catch(() => {});
  onTestFinished(() => client.destroy());
  return fromNodeRedis(client);
}

const clients: [name: string, open: (url: string) => RedisClient][] = [
  ['ioredis', openIoredis(false)],
  ['a lazy ioredis', openIoredis(true)],
  ['node-redis', openNodeRedis],
];

describe.each(clients)('7. A dead store is quick and honest: on %s', (_, open) => {
  test('a server that refuses from the start is charged nothing, not even when it comes up', async () => {
    await own.direct.flushall();
    own.proxy.refuse();
    const redis = open(own.proxy.url());
    const { bucket, events } = createFaultBucket(redis, { probeEveryMs: 1 });
    const decisions = Array.from({ length: 20 }, () => bucket.take('k'));
    expect(await timeOf(decisions)).toBeLessThan(latestMs);
    expect(await Promise.all(decisions.map(endingOf))).toEqual(
      decisions.map(() => ({ effect: 'none' })),
    );
    own.proxy.heal();
    // On this connection a look comes after whatever the client had kept for later.
    expect(await until(() => bucket.peek('k'))).toMatchObject({ remaining: 10, source: 'store' });
    expect(await own.direct.dbsize()).toBe(0);
    expect(events()).toEqual(['failed', 'recovered']);
  });
});
