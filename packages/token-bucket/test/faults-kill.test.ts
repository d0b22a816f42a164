import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createFaultBucket, latestMs, startCallers } from './fault-bucket.js';
import { clients } from './redis-clients.js';

const own = ownRedis();

describe.each(clients)('7. A dead store is quick and honest: on %s', (_, open) => {
  beforeEach(() => own.server.restart());

  test('after kill -9 in mid-traffic every decision ends in time, and a restart is found by a probe', async () => {
    const opened = await open(own.server.url);
    onTestFinished(() => opened.close());
    const { bucket, events } = createFaultBucket(opened.redis, { onStoreError: 'deny' });
    const { endings, stop } = startCallers(8, () => bucket.take('k'));
    const pass = async () => {
      const before = endings.length;
      await until(() => endings.length > before + 200);
    };
    await pass();
    await own.server.kill();
    await until(() => events().length > 0);
    await pass();
    await own.server.restart();
    await until(() => events().length > 1);
    await pass();
    const { slowestMs } = await stop();

    expect(events()).toEqual(['failed', 'recovered']);
    expect(slowestMs).toBeLessThan(latestMs);
    // The Redis kept nothing, so the bucket was full a second time.
    const admitted = endings.filter((ending) => 'allowed' in ending && ending.allowed).length;
    expect(admitted).toBeGreaterThan(10);
    expect(admitted).toBeLessThanOrEqual(20);
    expect(endings.slice(-50)).toEqual(Array(50).fill({ allowed: false, source: 'store' }));
  });
});
