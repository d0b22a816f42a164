import { describe, expect, onTestFinished, test } from 'vitest';
import { startFaultProxy } from '../src/fault-proxy.js';
import { until } from '../src/until.js';
import { dial, quiet, startEcho } from './fixtures/wire.js';

async function scene() {
  const echo = await startEcho();
  const proxy = await startFaultProxy(echo);
  const client = await dial(proxy.port);
  onTestFinished(async () => {
    client[Symbol.dispose]();
    await proxy.stop();
    await echo[Symbol.asyncDispose]();
  });
  return { echo, proxy, client };
}

describe('a fault proxy', () => {
  test('in fair weather forwards both ways', async () => {
    const { client } = await scene();
    await client.say('hello');
    await client.hears('<hello>');
  });

  test('passes on an orderly end, from either side', async () => {
    const { echo, proxy, client } = await scene();
    client.socket.end();
    await client.ends();
    await until(() => echo.sockets.size === 0);
    const another = await dial(proxy.port);
    await another.say('hello');
    await another.hears('<hello>');
    for (const socket of echo.sockets) socket.end();
    expect(await another.ends()).toBe('closed');
  });

  test('breaks a connection whose server is not there', async () => {
    const echo = await startEcho();
    await echo[Symbol.asyncDispose]();
    await using proxy = await startFaultProxy(echo);
    using client = await dial(proxy.port);
    expect(await client.ends()).toBe('ECONNRESET');
  });

  test('redirected breaks what is connected, and takes new connections elsewhere', async () => {
    const { echo, proxy, client } = await scene();
    await client.say('hello');
    await client.hears('<hello>');
    await using other = await startEcho();
    proxy.redirect(other);
    expect(await client.ends()).toBe('ECONNRESET');
    using next = await dial(proxy.port);
    await next.say('who');
    await next.hears('<who>');
    expect([echo.sockets.size, other.sockets.size]).toEqual([0, 1]);
  });

  test('delays each way', async () => {
    const { proxy, client } = await scene();
    proxy.delay(30);
    const startMs = performance.now();
    await client.say('hello');
    await client.hears('<hello>');
    // A timer may fire a fraction of a millisecond before its time.
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(59);
  });

  test('keeps the order of bytes when a delay is shortened', async () => {
    const { echo, proxy, client } = await scene();
    proxy.delay(50);
    await client.say('first ');
    await quiet(echo.port);
    proxy.delay(0);
    await client.say('second');
    await until(() => echo.heard.join('').endsWith('second'));
    expect(echo.heard.filter((text) => /[a-z]/.test(text)).join('')).toBe('first second');
  });

  test('that stalls takes bytes and forwards none, and healed forwards them all', async () => {
    const { echo, proxy, client } = await scene();
    proxy.stall();
    await client.say('hello');
    using newcomer = await dial(proxy.port);
    await newcomer.say('anyone?');
    await quiet(echo.port);
    expect(echo.heard).not.toContain('hello');
    expect(echo.heard).not.toContain('anyone?');
    proxy.heal();
    await client.hears('<hello>');
    await newcomer.hears('<anyone?>');
  });

  test('that stalls holds replies, too', async () => {
    const { echo, proxy, client } = await scene();
    await client.say('hello');
    await client.hears('<hello>');
    proxy.stall();
    for (const socket of echo.sockets) socket.write('news');
    await quiet(echo.port);
    expect(client.text).toBe('<hello>');
    proxy.heal();
    await client.hears('<hello>news');
  });

  test('that stalls hides the death of one side from the other', async () => {
    const { echo, proxy, client } = await scene();
    await client.say('hello');
    await client.hears('<hello>');
    proxy.stall();
    for (const socket of echo.sockets) socket.destroy();
    await quiet(echo.port);
    expect(client.ending).toBe(undefined);
    proxy.heal();
    await client.ends();
  });

  test('that stalls makes a sender wait instead of holding bytes without end', async () => {
    const { echo, proxy, client } = await scene();
    proxy.stall();
    const megabyte = 'x'.repeat(1024 * 1024);
    // More than the proxy holds and the system buffers; the rest stays with the sender.
    for (let n = 0; n < 64; n += 1) client.socket.write(megabyte);
    await until(async () => {
      const before = client.socket.writableLength;
      await quiet(echo.port);
      return client.socket.writableLength === before;
    });
    expect(client.socket.writableLength).toBeGreaterThan(16 * megabyte.length);
  });
});

describe('a fault proxy that drops replies', () => {
  test('lets requests through and swallows what comes back', async () => {
    const { echo, proxy, client } = await scene();
    proxy.dropReplies();
    await client.say('hello');
    await until(() => echo.heard.includes('hello'));
    await quiet(echo.port);
    expect(client.text).toBe('');
    expect(client.ending).toBe(undefined);
  });

  test('cuts, when healed, the connections that lost something and no others', async () => {
    const { echo, proxy, client } = await scene();
    using unharmed = await dial(proxy.port);
    await until(() => echo.sockets.size === 2);
    proxy.dropReplies();
    await client.say('hello');
    await until(() => echo.heard.includes('hello'));
    await quiet(echo.port);
    proxy.heal();
    expect(await client.ends()).toBe('ECONNRESET');
    await unharmed.say('still here');
    await unharmed.hears('<still here>');
    expect(client.text).toBe('');
  });
});

describe('a fault proxy that breaks connections', () => {
  test('cuts the live ones and welcomes new ones', async () => {
    const { echo, proxy, client } = await scene();
    await until(() => echo.sockets.size === 1);
    proxy.cut();
    expect(await client.ends()).toBe('ECONNRESET');
    await until(() => echo.sockets.size === 0);
    using again = await dial(proxy.port);
    await again.say('hello');
    await again.hears('<hello>');
  });

  test('loses what a stall held when it is cut', async () => {
    const { echo, proxy, client } = await scene();
    proxy.stall();
    await client.say('hello');
    await quiet(echo.port);
    proxy.cut();
    proxy.heal();
    await client.ends();
    await quiet(echo.port);
    expect(echo.heard).not.toContain('hello');
  });

  test('refuses new ones, too, until it is healed', async () => {
    const { proxy, client } = await scene();
    proxy.refuse();
    expect(await client.ends()).toBe('ECONNRESET');
    const refused = await dial(proxy.port).then(
      (connected) => connected.ends(),
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(refused).toBe('ECONNRESET');
    proxy.heal();
    using welcome = await dial(proxy.port);
    await welcome.say('hello');
    await welcome.hears('<hello>');
  });

  test('counts its clients', async () => {
    const { proxy, client } = await scene();
    await until(() => proxy.connections === 1);
    using second = await dial(proxy.port);
    await until(() => proxy.connections === 2);
    second.socket.end();
    await until(() => proxy.connections === 1);
    proxy.cut();
    expect(proxy.connections).toBe(0);
    await client.ends();
  });

  test('is gone when it is stopped, however often', async () => {
    const { proxy, client } = await scene();
    await Promise.all([proxy.stop(), proxy.stop()]);
    await client.ends();
    await expect(dial(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

test('a URL is rewritten to lead through the proxy, all the rest kept', async () => {
  const { proxy } = await scene();
  expect(proxy.rewrite('postgres://gabion:secret@db.example:5432/gabion?x=1')).toBe(
    `postgres://gabion:secret@127.0.0.1:${proxy.port}/gabion?x=1`,
  );
  expect(proxy.url()).toBe(`redis://127.0.0.1:${proxy.port}`);
  expect(proxy.url('http')).toBe(`http://127.0.0.1:${proxy.port}`);
});
