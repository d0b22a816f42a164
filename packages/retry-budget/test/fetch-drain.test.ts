import { createManualClock } from '@gabion/clock/testing';
import { until } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';
import { createRetryFetch } from '../src/fetch.js';
import { impatient, poolOf } from './fetch-pools.js';
import { type Step, scripted } from './fetch-server.js';

/** An answer of so many bytes. */
function large(bytes: number): Step {
  return (response) => {
    response.writeHead(503, { 'content-length': bytes }).end(Buffer.alloc(bytes, 'x'));
  };
}

/** An answer that goes on for as long as somebody takes it. */
function endless() {
  const state = { isClosed: false, takenBytes: 0 };
  const part = Buffer.alloc(65_536, 'x');
  const step: Step = (response) => {
    const goOn = () => {
      state.takenBytes += part.length;
      if (!response.destroyed && response.write(part)) setImmediate(goOn);
    };
    response.on('drain', goOn).on('close', () => {
      state.isClosed = true;
    });
    response.writeHead(503);
    goOn();
  };
  return { step, state };
}

describe('8. discarded answers are drained, with a bound', () => {
  test('connections are used again', async () => {
    const server = await scripted(503, 500, 429, 200);
    expect((await impatient()(server.url)).status).toBe(200);
    // Without a backoff the next attempt may be a tick ahead of the end of the body.
    expect(Math.max(...server.received.map(({ connection }) => connection))).toBeLessThan(3);
  });

  test('the connection is free while the backoff lasts', async () => {
    const clock = createManualClock();
    const server = await scripted(large(60_000), 200, 200);
    const waiting = impatient({ clock, backoff: () => 1_000 })(server.url);
    await until(() => clock.pending === 1);
    // What is drained is drained in the background: ask until the connection is there again.
    await until(async () => {
      await (await fetch(server.url)).text();
      return server.received.at(-1)?.connection === 1;
    });
    clock.advance(1_000);
    expect((await waiting).status).toBe(200);
  });

  test('a body above the bound costs the connection, and is not read to its end', async () => {
    const { step, state } = endless();
    const server = await scripted(step, 200);
    expect((await impatient()(server.url)).status).toBe(200);
    await until(() => state.isClosed);
    // What lies in the buffers of both ends is some megabytes.
    expect(state.takenBytes).toBeLessThan(30_000_000);
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test('maxDrainBytes is the bound', async () => {
    const clock = createManualClock();
    const server = await scripted(large(1_000_000), 200);
    const pool = poolOf({ clock, backoff: () => 1_000 });
    const call = createRetryFetch({ pool, maxDrainBytes: 2_000_000 })(server.url);
    await until(() => clock.pending === 1);
    await until(async () => {
      await (await fetch(server.url)).text();
      return server.received.at(-1)?.connection === 1;
    });
    clock.advance(1_000);
    expect((await call).status).toBe(200);
  });

  test.each([0, 2_000_000])(
    'with %i of a large body read, the last answer has all of it',
    async (maxDrainBytes) => {
      const bytes = 1_000_000;
      const server = await scripted(large(bytes), large(bytes));
      const pool = poolOf({ maxAttempts: 2 });
      const response = await createRetryFetch({ pool, maxDrainBytes })(server.url);
      expect(response.status).toBe(503);
      const text = await response.text();
      expect(text).toBe('x'.repeat(bytes));
    },
  );

  test('a body that stalls holds nothing up: its connection is closed', async () => {
    let isClosed = false;
    const server = await scripted((response) => {
      response.on('close', () => {
        isClosed = true;
      });
      response.writeHead(503, { 'content-length': 10 }).write('half');
    });
    expect((await impatient()(server.url)).status).toBe(200);
    await until(() => isClosed);
  });

  test('a body that breaks off is nobody’s error but its reader’s', async () => {
    const cut: Step = (response, { socket }) => {
      response.writeHead(503, { 'content-length': 10 }).write('half', () => socket.destroy());
    };
    const server = await scripted(cut, cut, cut, cut);
    const response = await impatient()(server.url);
    expect(response.status).toBe(503);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('an answer without a body is thrown away, too', async () => {
    const server = await scripted(503, 503, 200);
    const response = await impatient()(server.url, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('what was drained is still there when the gate closes and no attempt may follow', async () => {
    const clock = createManualClock();
    const server = await scripted(503, 429);
    const pool = poolOf({ clock, backoff: () => 1_000, deadlineMs: 10_000 });
    const call = createRetryFetch({ pool })(server.url);
    await until(() => clock.pending === 1);
    pool.get(server.url.slice(0, -1)).gate.close(60_000);
    clock.advance(1_000);
    const response = await call;
    expect([response.status, await response.text()]).toEqual([503, 'status 503']);
    expect(server.received).toHaveLength(1);
  });

  test('an answer that comes after its attempt is thrown away', async () => {
    const clock = createManualClock();
    let isCancelled = false;
    let answer: (response: Response) => void = () => {};
    const late = new Promise<Response>((resolve) => {
      answer = resolve;
    });
    const answers = [late, Promise.resolve(new Response('in time'))];
    const pool = poolOf({ clock, attemptTimeoutMs: 1_000 });
    const fetch = createRetryFetch({ pool, fetch: () => answers.shift() as Promise<Response> });
    const call = fetch('http://a.test');
    await until(() => clock.pending === 1);
    clock.advance(1_000);
    expect(await (await call).text()).toBe('in time');
    const cancel = () => {
      isCancelled = true;
    };
    answer(new Response(new ReadableStream({ cancel })));
    await until(() => isCancelled);
  });
});
