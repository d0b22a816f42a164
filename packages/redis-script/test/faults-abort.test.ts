import { randomUUID } from 'node:crypto';
import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { describe, expect, test } from 'vitest';
import { clients, openReady, recording } from './clients.js';
import { increment, newScript } from './scripts.js';

const own = ownRedis();
const timeoutMs = 20_000;
const reason = new Error('no longer wanted');

describe.each(clients)('an abort on %s', (_, open) => {
  test('before the run rejects with its reason, and nothing is sent', async () => {
    const { redis, calls } = recording((await openReady(open, own.proxy.url())).redis);
    const call = { keys: [randomUUID()], args: [], timeoutMs, signal: AbortSignal.abort(reason) };
    await expect(newScript(increment).run(redis, call)).rejects.toBe(reason);
    expect(calls).toEqual([]);
  });

  test('during the run rejects with its reason at once; what was sent takes effect', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    const { run } = newScript(increment);
    const call = { keys: [randomUUID()], args: [], timeoutMs };
    await run(redis, call);
    own.proxy.stall();
    const abort = new AbortController();
    const running = run(redis, { ...call, signal: abort.signal });
    await new Promise((turned) => setImmediate(turned));
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    own.proxy.heal();
    await until(async () => (await own.direct.get(call.keys[0] as string)) === '2');
  });

  test('while the client reconnects rejects with its reason, and nothing is sent later', async () => {
    const { redis, calls } = recording((await openReady(open, own.proxy.url())).redis);
    const { run } = newScript(increment);
    own.proxy.refuse();
    await until(() => redis.status !== 'ready');
    const abort = new AbortController();
    const call = { keys: [randomUUID()], args: [], timeoutMs };
    const running = run(redis, { ...call, signal: abort.signal });
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    own.proxy.heal();
    expect(await run(redis, call)).toBe(1);
    expect(calls).toEqual(['evalsha', 'eval']);
  });

  test('after the reply changes nothing', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    const abort = new AbortController();
    const call = { keys: [randomUUID()], args: [], timeoutMs, signal: abort.signal };
    expect(await newScript(increment).run(redis, call)).toBe(1);
    abort.abort(reason);
    expect(await own.direct.get(call.keys[0] as string)).toBe('1');
  });
});
