import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './load.js';

/** What the service saw. */
export interface Served {
  /** Answers that somebody waited for. */
  inTime: number;
  /** Answers for clients that had given up: the same work, for nobody. */
  forNobody: number;
}

/** A service on the loopback interface. */
export interface Service {
  readonly url: string;
  readonly served: Served;
  /** How many requests wait or are being served. */
  readonly queued: number;
  /** Takes no more, and drops whoever is still there. */
  close(): Promise<void>;
}

/** One request, and when it came. */
interface Waiting {
  readonly response: ServerResponse;
  readonly cameAtMs: number;
}

/**
 * Starts a service that does one request after the other, in the order in which they came. It does
 * not look whether the client is still there before it has done the work: few services do.
 *
 * @param now - Milliseconds since the run began.
 */
export async function startService(load: Load, now: () => number): Promise<Service> {
  const end = new AbortController();
  const line: Waiting[] = [];
  const served: Served = { inTime: 0, forNobody: 0 };
  let freeAtMs = 0;
  let isWorking = false;

  async function work(): Promise<void> {
    isWorking = true;
    for (let next = line[0]; next !== undefined && !end.signal.aborted; next = line[0]) {
      // Reckoned from when it was free, not from when this process got round to it: a machine that
      // is late catches up, and the service is as fast as it is said to be.
      const beginsAtMs = Math.max(freeAtMs, next.cameAtMs);
      freeAtMs = beginsAtMs + serviceMs(load, beginsAtMs);
      await until(freeAtMs);
      line.shift();
      answer(next.response);
    }
    isWorking = false;
  }

  async function until(atMs: number): Promise<void> {
    // A timer may fire a little early.
    for (let leftMs = atMs - now(); leftMs > 0 && !end.signal.aborted; leftMs = atMs - now()) {
      await sleep(leftMs, undefined, end).catch(() => undefined);
    }
  }

  function answer(response: ServerResponse): void {
    if (response.destroyed) served.forNobody += 1;
    else served.inTime += 1;
    response.end('done');
  }

  const server = createServer((_request, response) => {
    line.push({ response, cameAtMs: now() });
    if (!isWorking) void work();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    served,
    get queued() {
      return line.length;
    },
    async close() {
      end.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** How long a request takes whose turn comes at a moment. */
function serviceMs(load: Load, atMs: number): number {
  const isSlow = atMs >= load.slowFromMs && atMs < load.slowToMs;
  return isSlow ? load.slowServiceMs : load.serviceMs;
}
