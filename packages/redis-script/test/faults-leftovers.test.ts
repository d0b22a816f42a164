import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { until } from '@gabion/testkit';
import { ownRedis } from '@gabion/testkit/own-redis';
import { describe, expect, test } from 'vitest';
import { clients, type Opened, openReady } from './clients.js';
import { failureOf, increment, newScript } from './scripts.js';

const own = ownRedis();

function listeners({ emitter }: Opened): number[] {
  return ['ready', 'end'].map((event) => emitter.listenerCount(event));
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

describe.each(clients)('on %s', (_, open) => {
  test('any number of runs that wait for the client listen to it once, and let go of it', async () => {
    const opened = await openReady(open, own.proxy.url());
    const { run } = newScript(increment);
    const before = listeners(opened);
    own.proxy.refuse();
    await until(() => opened.redis.status !== 'ready');
    const call = { keys: [randomUUID()], args: [] };
    const failures = Array.from({ length: 50 }, () =>
      failureOf(run(opened.redis, { ...call, timeoutMs: 40 })),
    );
    const waiting = run(opened.redis, { ...call, timeoutMs: 20_000 });
    await Promise.all(failures);
    expect(listeners(opened)).toEqual(before.map((count) => count + 1));
    own.proxy.heal();
    expect(await waiting).toBe(1);
    expect(listeners(opened)).toEqual(before);
  });

  test('no timer outlives its run, whichever way the run ends', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    const { run } = newScript(increment);
    const call = { keys: [randomUUID()], args: [], timeoutMs: 600_000 };
    await run(redis, call);
    const before = timers();
    const replied = Array.from({ length: 50 }, () => run(redis, call));
    expect(timers()).toBeGreaterThanOrEqual(before + 50);
    await Promise.all(replied);
    const failed = Array.from({ length: 50 }, () =>
      failureOf(newScript('return redis.error_reply("NO")').run(redis, call)),
    );
    await Promise.all(failed);
    const aborts = Array.from({ length: 50 }, () => {
      const abort = new AbortController();
      const running = run(redis, { ...call, signal: abort.signal });
      abort.abort();
      return running.catch(() => {});
    });
    await Promise.all(aborts);
    // The clients' own timers may have come and gone meanwhile.
    expect(timers()).toBeLessThan(before + 10);
  });

  test('no listener stays with a signal that outlives the run', async () => {
    const { redis } = await openReady(open, own.proxy.url());
    const { signal } = new AbortController();
    const { run } = newScript(increment);
    const call = { keys: [randomUUID()], args: [], timeoutMs: 20_000, signal };
    const running = [run(redis, call), run(redis, call)];
    expect(getEventListeners(signal, 'abort')).toHaveLength(2);
    await Promise.all(running);
    own.proxy.stall();
    await failureOf(run(redis, { ...call, timeoutMs: 20 }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
