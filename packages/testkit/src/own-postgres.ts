import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { startPostgres } from './postgres-server.js';
import type { Server } from './server.js';

/** A PostgreSQL of this file's own, and the proxy that its faults are called on. */
export interface OwnPostgres {
  readonly server: Server;
  readonly proxy: FaultProxy;
  /** The server's URL by way of the proxy. */
  readonly url: string;
  /** Connections around the proxy. */
  readonly direct: Pool;
}

/** Starts them before the file's tests, heals the proxy after each, and ends them after all. */
export function ownPostgres(): OwnPostgres {
  let own: OwnPostgres | undefined;
  beforeAll(async () => {
    const server = await startPostgres();
    const direct = new Pool({ connectionString: server.url });
    // A connection that idles when the server is killed would otherwise end the process.
    direct.on('error', () => {});
    const proxy = await startFaultProxy(server);
    own = { server, proxy, url: proxy.rewrite(server.url), direct };
  });
  afterEach(() => own?.proxy.heal());
  afterAll(async () => {
    await own?.direct.end();
    await own?.proxy.stop();
    await own?.server.stop();
  });
  const running = (): OwnPostgres => own as OwnPostgres;
  return {
    get server() {
      return running().server;
    },
    get proxy() {
      return running().proxy;
    },
    get url() {
      return running().url;
    },
    get direct() {
      return running().direct;
    },
  };
}
