import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createFaultBucket,
  deadlineMs,
  type Ending,
  endingOf,
  latestMs,
  timeOf,
  tokensIn,
} from './fault-bucket.js';
import { clients, type Open } from './redis-clients.js';

const own = ownRedis();

async function openUntilTheEnd(open: Open, url: string) {
  const opened = await open(url);
  onTestFinished(() => opened.close());
  return opened.redis;
}

function block(ms: number): void {
  for (const endMs = performance.now() + ms; performance.now() < endMs; );
}

describe.each(clients)('7. A dead store is quick and honest: on %s', (name, open) => {
  test('every decision ends by its deadline while the server hangs, and says that it may count', async () => {
    const { bucket } = createFaultBucket(await openUntilTheEnd(open, own.server.url));
    await bucket.take('k');
    own.server.pause();
    onTestFinished(() => own.server.resume());
    const decisions = Array.from({ length: 100 }, () => bucket.take('k'));
    expect(await timeOf(decisions)).toBeLessThan(latestMs);
    const endings = await Promise.all(decisions.map(endingOf));
    expect(endings).toEqual(decisions.map(() => ({ effect: 'unknown' })));
  });

  test('a hanging server that goes on has charged what it was sent, and nothing more', async () => {
    const { bucket } = createFaultBucket(await openUntilTheEnd(open, own.server.url));
    expect(await bucket.take('k')).toMatchObject({ remaining: 9 });
    own.server.pause();
    const endings = await Promise.all([1, 2, 3].map(() => endingOf(bucket.take('k'))));
    expect(endings).toEqual([1, 2, 3].map(() => ({ effect: 'unknown' })));
    own.server.resume();
    expect(await until(() => bucket.peek('k'))).toMatchObject({ remaining: 6 });
  });

  test('a take whose reply is lost is charged, and says that it may be', async () => {
    const redis = await openUntilTheEnd(open, own.proxy.url());
    const { bucket, keyPrefix } = createFaultBucket(redis);
    await bucket.take('k');
    own.proxy.dropReplies();
    expect(await endingOf(bucket.take('k'))).toEqual({ effect: 'unknown' });
    expect(await tokensIn(own.direct, keyPrefix)).toBe(8);
  });

  test('whatever breaks, no more is admitted than there was, and no charge is kept quiet', async () => {
    const redis = await openUntilTheEnd(open, own.proxy.url());
    const { bucket } = createFaultBucket(redis, { probeEveryMs: 1 });
    const endings: Promise<Ending>[] = [];
    const ask = (count: number) => {
      for (let i = 0; i < count; i += 1) endings.push(endingOf(bucket.take('k')));
    };
    ask(3);
    own.proxy.dropReplies();
    ask(3);
    await Promise.all(endings);
    own.proxy.heal();
    await until(() => redis.status === 'ready');
    ask(2);
    own.proxy.stall();
    ask(2);
    await Promise.all(endings);
    own.proxy.heal();
    await until(() => bucket.peek('k'));
    ask(20);
    const all = await Promise.all(endings);
    const admitted = all.filter((one) => 'allowed' in one && one.allowed).length;
    const unsure = all.filter((one) => 'effect' in one && one.effect === 'unknown').length;
    expect(admitted).toBeLessThanOrEqual(10);
    // A client may resend what nobody was told of, and so charge it a second time.
    expect(admitted + 2 * unsure).toBeGreaterThanOrEqual(10);
    expect((await bucket.peek('k')).remaining).toBe(0);
  });

  test('while nothing can be sent nothing is charged, now or when the server is back', async () => {
    const redis = await openUntilTheEnd(open, own.proxy.url());
    const { bucket, keyPrefix } = createFaultBucket(redis, { probeEveryMs: 1 });
    own.proxy.refuse();
    await until(() => redis.status !== 'ready');
    const decisions = Array.from({ length: 20 }, () => bucket.take('k'));
    expect(await timeOf(decisions)).toBeLessThan(latestMs);
    expect(await Promise.all(decisions.map(endingOf))).toEqual(
      decisions.map(() => ({ effect: 'none' })),
    );
    own.proxy.heal();
    // On this connection a look comes after whatever the client had kept for later.
    expect(await until(() => bucket.peek('k'))).toMatchObject({ remaining: 10 });
    expect(await own.direct.keys(`${keyPrefix}*`)).toEqual([]);
  });

  test('a reply that is there in time is heard, even if the event loop was blocked', async () => {
    const redis = await openUntilTheEnd(open, own.server.url);
    const { bucket, events } = createFaultBucket(redis);
    await bucket.take('k');
    const taking = bucket.take('k');
    // node-redis writes in the next turn; ioredis has written.
    if (name.startsWith('node-redis')) setImmediate(() => block(3 * deadlineMs));
    else block(3 * deadlineMs);
    expect(await taking).toMatchObject({ source: 'store', remaining: 8, degraded: false });
    expect(events()).toEqual([]);
  });
});
