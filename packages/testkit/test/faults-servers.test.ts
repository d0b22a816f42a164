import { Redis, type RedisOptions } from 'ioredis';
import { Client, type ClientConfig } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../src/fault-proxy.js';
import { startPostgres } from '../src/postgres-server.js';
import { startRedis } from '../src/redis-server.js';
import type { Server } from '../src/server.js';
import { until } from '../src/until.js';

async function redisBehindProxy() {
  const server = await startRedis();
  const proxy = await startFaultProxy(server);
  const through = client(proxy.url(), { commandTimeout: 300 });
  const direct = client(server.url);
  onTestFinished(async () => {
    through.disconnect();
    direct.disconnect();
    await proxy.stop();
    await server.stop();
  });
  await until(() => through.ping());
  return { server, proxy, through, direct };
}

function client(url: string, options: RedisOptions = {}): Redis {
  const redis = new Redis(url, { retryStrategy: () => 20, ...options });
  redis.on('error', () => undefined);
  return redis;
}

test('a lost reply leaves its effect in Redis', async () => {
  const { proxy, through, direct } = await redisBehindProxy();
  proxy.dropReplies();
  await expect(through.incr('counter')).rejects.toThrow('timed out');
  expect(await direct.get('counter')).toBe('1');
});

test('a stalled request has no effect in Redis before the stall ends', async () => {
  const { proxy, through, direct } = await redisBehindProxy();
  proxy.stall();
  await expect(through.incr('counter')).rejects.toThrow('timed out');
  expect(await direct.get('counter')).toBe(null);
  proxy.heal();
  await until(async () => (await direct.get('counter')) === '1');
});

test('a client that was cut off comes back by itself', async () => {
  const { proxy, through } = await redisBehindProxy();
  proxy.refuse();
  await until(() => through.status !== 'ready');
  proxy.heal();
  await until(() => through.status === 'ready');
  expect(await until(() => through.ping())).toBe('PONG');
});

test('a client behind the proxy survives kill -9 and a restart of its server', async () => {
  const { server, through } = await redisBehindProxy();
  await server.kill();
  await until(() => through.status !== 'ready');
  await server.restart();
  expect(await until(() => through.ping())).toBe('PONG');
});

test('a commit whose reply is lost is kept by PostgreSQL', async () => {
  const server: Server = await startPostgres();
  const proxy: FaultProxy = await startFaultProxy(server);
  onTestFinished(async () => {
    await proxy.stop();
    await server.stop();
  });
  const connect = async (connectionString: string, options: ClientConfig = {}) => {
    const connected = new Client({ connectionString, ...options });
    connected.on('error', () => undefined);
    await connected.connect();
    return connected;
  };
  const through = await connect(proxy.rewrite(server.url), { query_timeout: 500 });
  const direct = await connect(server.url);
  await direct.query('create table kept (one int)');
  proxy.dropReplies();
  await expect(through.query('insert into kept values (1)')).rejects.toThrow('timeout');
  expect((await direct.query('select one from kept')).rows).toEqual([{ one: 1 }]);
  await direct.end();
});
