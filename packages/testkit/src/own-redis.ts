import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { startRedis } from './redis-server.js';
import type { Server } from './server.js';

/** A Redis of this file's own, and the proxy that its faults are called on. */
export interface OwnRedis {
  readonly server: Server;
  readonly proxy: FaultProxy;
  /** A connection around the proxy. */
  readonly direct: Redis;
}

/** Starts them before the file's tests, heals the proxy after each, and ends them after all. */
export function ownRedis(): OwnRedis {
  let own: OwnRedis | undefined;
  beforeAll(async () => {
    const server = await startRedis();
    const direct = new Redis(server.url, { retryStrategy: () => 20 });
    direct.on('error', () => {});
    own = { server, proxy: await startFaultProxy(server), direct };
  });
  afterEach(() => own?.proxy.heal());
  afterAll(async () => {
    own?.direct.disconnect();
    await own?.proxy.stop();
    await own?.server.stop();
  });
  const running = (): OwnRedis => own as OwnRedis;
  return {
    get server() {
      return running().server;
    },
    get proxy() {
      return running().proxy;
    },
    get direct() {
      return running().direct;
    },
  };
}
