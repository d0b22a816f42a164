import { randomUUID } from 'node:crypto';
import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { describe, expect, test } from 'vitest';
import { clients, ioredis, openReady } from './clients.js';
import { failureOf, increment, newScript } from './scripts.js';

const own = ownRedis();
const { run } = newScript(increment);
const soon = { args: [], timeoutMs: 60 };
const inTime = { args: [], timeoutMs: 20_000 };

describe.each(clients)('the effect that %s reports', (_, open) => {
  test('is none on a client that was closed, and nothing is sent', async () => {
    const { redis, close } = await openReady(open, own.proxy.url());
    close();
    await until(() => redis.status === 'end');
    const keys = [randomUUID()];
    const failure = await failureOf(run(redis, { ...inTime, keys }));
    expect(failure.effect).toBe('none');
    expect(failure.message).toMatch(/^counter: the connection/);
    expect(await own.direct.exists(keys)).toBe(0);
  });

  test('is none while the client reconnects, and nothing is sent when it is back', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    own.proxy.refuse();
    await until(() => redis.status !== 'ready');
    const keys = [randomUUID()];
    const failures = await Promise.all(
      [1, 2, 3].map(() => failureOf(run(redis, { ...soon, keys }))),
    );
    expect(failures.map(({ effect }) => effect)).toEqual(['none', 'none', 'none']);
    expect(failures[0]?.message).toBe('counter: no reply within 60 ms');
    own.proxy.heal();
    expect(await run(redis, { ...inTime, keys })).toBe(1);
  });

  test('is that of one run when the client is back within the deadline', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    own.proxy.refuse();
    await until(() => redis.status !== 'ready');
    const running = run(redis, { ...inTime, keys: [randomUUID()] });
    own.proxy.heal();
    expect(await running).toBe(1);
  });

  test('is none the second time that the connection breaks, too', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    const keys = [randomUUID()];
    for (const count of [1, 2]) {
      own.proxy.refuse();
      await until(() => redis.status !== 'ready');
      expect((await failureOf(run(redis, { ...soon, keys }))).effect).toBe('none');
      own.proxy.heal();
      expect(await run(redis, { ...inTime, keys })).toBe(count);
    }
  });

  test('is none when the client is closed while it reconnects', async () => {
    const { redis, close } = await openReady(open, own.proxy.url());
    own.proxy.refuse();
    await until(() => redis.status !== 'ready');
    const failing = failureOf(run(redis, { ...soon, keys: [randomUUID()] }));
    close();
    expect((await failing).effect).toBe('none');
  });

  test('is none on a client that keeps no commands for later', async () => {
    const { redis } = await openReady(open, own.proxy.url(), { offlineQueue: false });
    own.proxy.refuse();
    await until(() => redis.status !== 'ready');
    const keys = [randomUUID()];
    expect((await failureOf(run(redis, { ...soon, keys }))).effect).toBe('none');
    own.proxy.heal();
    await until(() => redis.status === 'ready');
    expect(await run(redis, { ...inTime, keys })).toBe(1);
  });

  test('is unknown when the server stalls, for it may still take effect', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    const keys = [randomUUID()];
    expect(await run(redis, { ...inTime, keys })).toBe(1);
    own.proxy.stall();
    const failure = await failureOf(run(redis, { ...soon, keys }));
    expect(failure).toMatchObject({ effect: 'unknown', cause: undefined });
    expect(await own.direct.get(keys[0] as string)).toBe('1');
    own.proxy.heal();
    await until(async () => (await own.direct.get(keys[0] as string)) === '2');
  });

  test('is unknown when the reply is lost, for it was taken', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    const keys = [randomUUID()];
    expect(await run(redis, { ...inTime, keys })).toBe(1);
    own.proxy.dropReplies();
    expect((await failureOf(run(redis, { ...soon, keys }))).effect).toBe('unknown');
    expect(await own.direct.get(keys[0] as string)).toBe('2');
  });

  test('is unknown when the connection breaks before the reply', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    own.proxy.stall();
    const failing = failureOf(run(redis, { args: [], timeoutMs: 300, keys: [randomUUID()] }));
    // One turn, in which node-redis writes.
    await new Promise((turned) => setImmediate(turned));
    own.proxy.refuse();
    expect((await failing).effect).toBe('unknown');
  });
});

test.each(ioredis)('%s that gives up is not waited for until the deadline', async (_, open) => {
  let gone = false;
  const { redis } = await openReady(open, own.proxy.url(), { givesUp: () => gone });
  own.proxy.refuse();
  await until(() => redis.status !== 'ready');
  const failing = failureOf(run(redis, { ...inTime, keys: [randomUUID()] }));
  gone = true;
  expect(await failing).toMatchObject({
    effect: 'none',
    message: 'counter: the connection was closed',
  });
});

describe.each(ioredis)('a lazy %s', (_, open) => {
  test('connects for its first run', async () => {
    const { redis } = open(own.proxy.url(), { lazy: true });
    expect(redis.status).toBe('wait');
    expect(await run(redis, { args: [], timeoutMs: 5_000, keys: [randomUUID()] })).toBe(1);
  });

  test('whose server is dead has no effect, and sends nothing when it is back', async () => {
    own.proxy.refuse();
    const { redis } = open(own.proxy.url(), { lazy: true });
    const keys = [randomUUID()];
    expect((await failureOf(run(redis, { ...soon, keys }))).effect).toBe('none');
    own.proxy.heal();
    expect(await run(redis, { ...inTime, keys })).toBe(1);
  });

  test('that keeps no commands for later fails its first run, and connects for it', async () => {
    const { redis } = open(own.proxy.url(), { lazy: true, offlineQueue: false });
    const keys = [randomUUID()];
    expect((await failureOf(run(redis, { ...inTime, keys }))).effect).toBe('none');
    await until(() => redis.status === 'ready');
    expect(await run(redis, { ...inTime, keys })).toBe(1);
  });
});
