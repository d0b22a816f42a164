import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../src/fault-proxy.js';
import { type RedisServer, startRedis } from '../src/redis-server.js';
import { until } from '../src/until.js';

/** Every test may leave these in any state. */
let master: RedisServer;
let link: FaultProxy;
let replica: RedisServer;
const clients: Redis[] = [];

function connect(url: string): Redis {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  clients.push(redis);
  return redis;
}

beforeEach(async () => {
  master = await startRedis();
  await connect(master.url).set('before', 'the replica');
  link = await startFaultProxy(master);
  replica = await startRedis({ replicaOf: link });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await replica.stop();
  await link.stop();
  await master.stop();
});

describe('a replica', () => {
  test('has what its master had when it started, gets what comes, and takes no writes', async () => {
    const copy = connect(replica.url);
    expect(await copy.get('before')).toBe('the replica');
    await connect(master.url).set('after', 'it');
    await until(async () => (await copy.get('after')) === 'it');
    await expect(copy.set('own', 'write')).rejects.toThrow('READONLY');
  });

  test('that lags and is promoted has lost what it did not get, and takes writes', async () => {
    const original = connect(master.url);
    link.stall();
    await original.set('late', 'write');
    await master.kill();
    await replica.promote();
    const copy = connect(replica.url);
    expect(await copy.mget('before', 'late')).toEqual(['the replica', null]);
    expect(await copy.set('own', 'write')).toBe('OK');
    expect((await copy.role())[0]).toBe('master');
  });

  test('paused lags too, and catches up when it is resumed', async () => {
    replica.pause();
    await connect(master.url).set('late', 'write');
    replica.resume();
    const copy = connect(replica.url);
    await until(async () => (await copy.get('late')) === 'write');
  });

  test('that was promoted is a replica again after a restart', async () => {
    await replica.promote();
    await replica.restart();
    const copy = connect(replica.url);
    await until(async () => (await copy.role())[0] === 'slave');
    await until(async () => (await copy.get('before')) === 'the replica');
  });

  test('is what clients find behind a proxy that fails over', async () => {
    await using front = await startFaultProxy(master);
    const redis = connect(front.url());
    await redis.set('key', 'of the master');
    const copy = connect(replica.url);
    await until(() => copy.get('key'));
    link.stall();
    await redis.set('key', 'that the replica never got');
    await replica.promote();
    front.redirect(replica);
    await until(async () => (await redis.role())[0] === 'master' && front.connections === 1);
    expect(await redis.get('key')).toBe('of the master');
  });
});

test('a replica whose master cannot be reached is not started, and nothing is left of it', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'gabion-empty-'));
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });
  link.refuse();
  const failing = startRedis({ replicaOf: link, inStepWithinMs: 300 });
  await expect(failing).rejects.toThrow('a replica in step did not come true in 300 ms');
  expect(readdirSync(temporary)).toEqual([]);
});
