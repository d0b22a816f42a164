import { randomUUID } from 'node:crypto';
import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { describe, expect, test } from 'vitest';
import { clients, openReady, recording } from './clients.js';
import { increment, newScript } from './scripts.js';

const own = ownRedis();
const timeoutMs = 20_000;

describe.each(clients)('the script on %s', (_, open) => {
  test('survives SCRIPT FLUSH at the price of one more sending, and takes effect once', async () => {
    const { redis, calls } = recording((await openReady(open, own.server.url)).redis);
    const { run } = newScript(increment);
    const call = { keys: [randomUUID()], args: [], timeoutMs };
    expect(await run(redis, call)).toBe(1);
    await own.direct.script('FLUSH');
    expect(await run(redis, call)).toBe(2);
    expect(await run(redis, call)).toBe(3);
    expect(calls).toEqual(['evalsha', 'eval', 'evalsha', 'eval', 'evalsha']);
  });

  test('takes effect once for each run while scripts are flushed all the time', async () => {
    const { redis } = await openReady(open, own.server.url);
    const { run } = newScript(increment);
    const call = { keys: [randomUUID()], args: [], timeoutMs };
    const replies: unknown[] = [];
    for (let round = 0; round < 20; round += 1) {
      const running = Array.from({ length: 20 }, () => run(redis, call));
      await own.direct.script('FLUSH');
      replies.push(...(await Promise.all(running)));
    }
    expect(new Set(replies).size).toBe(400);
    expect(await own.direct.get(call.keys[0] as string)).toBe('400');
  });

  test('survives kill -9 and a restart of its server, which has no scripts then', async () => {
    const { redis, calls } = recording((await openReady(open, own.server.url)).redis);
    const { run } = newScript(increment);
    const call = { keys: [randomUUID()], args: [], timeoutMs };
    expect(await run(redis, call)).toBe(1);
    await own.server.kill();
    await until(() => redis.status !== 'ready');
    const running = run(redis, call);
    await own.server.restart();
    expect(await running).toBe(1);
    expect(calls).toEqual(['evalsha', 'eval', 'evalsha', 'eval']);
  });
});
