import { randomUUID } from 'node:crypto';
import { ownRedis } from '@gabion/testkit/own-redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { clients, openReady, recording } from './clients.js';
import { failureOf, increment, newScript } from './scripts.js';

const own = ownRedis();
const deadlineMs = 100;
/** How much later than its deadline a run may end on a busy machine. */
const lateness = 20;

/** Keeps the event loop to itself. */
function block(ms: number): void {
  for (const endMs = performance.now() + ms; performance.now() < endMs; );
}

describe.each(clients)('a run on %s', (name, open) => {
  test('ends by its deadline, however many there are, while the server hangs', async () => {
    const { redis } = await openReady(open, own.server.url);
    const { run } = newScript(increment);
    own.server.pause();
    onTestFinished(() => own.server.resume());
    const call = { keys: [randomUUID()], args: [], timeoutMs: deadlineMs };
    const beganMs = performance.now();
    const failures = await Promise.all(
      Array.from({ length: 200 }, () => failureOf(run(redis, call))),
    );
    expect(performance.now() - beganMs).toBeLessThan(lateness * deadlineMs);
    expect(new Set(failures.map(({ effect }) => effect))).toEqual(new Set(['unknown']));
  });

  test('is answered by a reply that came in time, though the event loop heard it late', async () => {
    const { redis } = await openReady(open, own.server.url);
    const { run } = newScript(increment);
    const call = { keys: [randomUUID()], args: [], timeoutMs: deadlineMs };
    await run(redis, { ...call, timeoutMs: 10_000 });
    const running = run(redis, call);
    // node-redis writes in the next turn; ioredis has written.
    if (name.startsWith('node-redis')) setImmediate(() => block(4 * deadlineMs));
    else block(4 * deadlineMs);
    expect(await running).toBe(2);
  });

  test('that was given up before its script is found missing is not sent again', async () => {
    const { redis, calls } = recording((await openReady(open, own.proxy.url())).redis);
    const call = { keys: [randomUUID()], args: [], timeoutMs: deadlineMs };
    own.proxy.delay(2 * deadlineMs);
    const failure = await failureOf(newScript(increment).run(redis, call));
    expect(failure.effect).toBe('unknown');
    // Its NOSCRIPT comes before the replies to the next run.
    expect(await newScript(increment).run(redis, { ...call, timeoutMs: 10_000 })).toBe(1);
    expect(calls).toEqual(['evalsha', 'evalsha', 'eval']);
  });

  test.each([2 ** 31, 1e15, Infinity])('may wait for %d ms', async (timeoutMs) => {
    const { redis } = await openReady(open, own.proxy.url());
    own.proxy.delay(20);
    const reply = newScript(increment).run(redis, { keys: [randomUUID()], args: [], timeoutMs });
    expect(await reply).toBe(1);
  });

  test.each([0, -1, Number.NaN])('cannot wait for %d ms', async (timeoutMs) => {
    const { redis } = await openReady(open, own.server.url);
    const call = { keys: [randomUUID()], args: [], timeoutMs };
    expect(() => newScript(increment).run(redis, call)).toThrow(RangeError);
    expect(await own.direct.exists(call.keys)).toBe(0);
  });
});
