import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, Redis } from 'ioredis';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { isRunning } from '../src/ending.mjs';
import { type RedisOptions, startRedis } from '../src/redis-server.js';
import type { Server } from '../src/server.js';
import { until } from '../src/until.js';

const servers: Server[] = [];
const clients: Redis[] = [];

async function start(options: RedisOptions = {}): Promise<Server> {
  const server = await startRedis(options);
  servers.push(server);
  return server;
}

function connect(server: Server): Redis {
  const redis = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  clients.push(redis);
  return redis;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe('a Redis of our own', () => {
  test('answers as soon as it is started, and keeps nothing on disk', async () => {
    const server = await start();
    const redis = connect(server);
    expect(await redis.ping()).toBe('PONG');
    expect(await redis.config('GET', 'save')).toEqual(['save', '']);
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'no']);
    expect(await redis.config('GET', 'dir')).toEqual(['dir', server.dir]);
  });

  test('listens on the loopback address only', async () => {
    const redis = connect(await start());
    expect(await redis.config('GET', 'bind')).toEqual(['bind', '127.0.0.1']);
  });

  test('is gone with its folder when it is stopped, however often', async () => {
    const server = await start();
    const { pid } = server;
    await Promise.all([server.stop(), server.stop()]);
    expect([isRunning(pid), existsSync(server.dir)]).toEqual([false, false]);
    await expect(server.restart()).rejects.toThrow('was stopped');
  });

  test('killed and restarted has the same port, another process, and an empty memory', async () => {
    const server = await start();
    const redis = connect(server);
    await redis.set('key', 'value');
    const { pid, port, url } = server;
    await server.kill();
    expect(isRunning(pid)).toBe(false);
    await server.restart();
    expect([server.port, server.url]).toEqual([port, url]);
    expect(server.pid).not.toBe(pid);
    expect(await redis.get('key')).toBe(null);
  });

  test('takes arguments, which win: with a log it remembers across a restart', async () => {
    const server = await start({ args: ['--appendonly', 'yes'] });
    const redis = connect(server);
    await redis.set('key', 'value');
    await server.restart();
    expect(await redis.get('key')).toBe('value');
  });

  test('paused answers nothing, and everything once it is resumed', async () => {
    const server = await start();
    const redis = connect(server);
    const impatient = new Redis(server.url, { commandTimeout: 100 });
    clients.push(impatient);
    await Promise.all([redis.ping(), until(() => impatient.ping())]);
    server.pause();
    const pong = redis.ping();
    await expect(impatient.ping()).rejects.toThrow('timed out');
    server.resume();
    expect(await pong).toBe('PONG');
  });

  test('cannot be started twice on one port, and says why', async () => {
    const { port } = await start();
    const second = startRedis({ port });
    await expect(second).rejects.toThrow(/ended at its start[\s\S]*already in use/i);
  });

  test('that cannot be started quotes its log and leaves nothing behind', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'gabion-empty-'));
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(temporary, { recursive: true });
    });
    const failing = startRedis({ args: ['--maxmemory', 'much'] });
    await expect(failing).rejects.toThrow(/redis ended at its start[\s\S]*maxmemory/);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('a Redis in cluster mode', () => {
  const cluster = (server: Server) => new Cluster([{ host: server.host, port: server.port }]);

  test('serves every slot to a cluster client, and enforces CROSSSLOT', async () => {
    const server = await start({ cluster: true });
    const redis = cluster(server);
    try {
      for (let n = 0; n < 100; n += 1) await redis.set(`key:${n}`, n);
      await redis.mset('{tag}:a', '1', '{tag}:b', '2');
      expect(await redis.mget('{tag}:a', '{tag}:b')).toEqual(['1', '2']);
      await expect(redis.eval('return 1', 2, 'a', 'b')).rejects.toThrow('CROSSSLOT');
    } finally {
      redis.disconnect();
    }
  });

  test('serves again after it was killed and restarted', async () => {
    const server = await start({ cluster: true });
    await server.kill();
    await server.restart();
    const redis = cluster(server);
    expect(await redis.set('key', 'value')).toBe('OK');
    redis.disconnect();
  });
});
