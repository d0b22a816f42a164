import { randomInt } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Ports below the range from which systems draw the local ports of outgoing connections (32768
 * up on Linux, 49152 up on macOS). A port inside that range could be taken by a client while
 * its server is down, even by a client that dials that very port and so reaches itself.
 */
const first = 12_000;
const last = 19_999;
const tries = 50;

function bindable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const bound = (probe.address() as AddressInfo).port === port;
      probe.close(() => resolve(bound));
    });
  });
}

/**
 * Finds a TCP port of 127.0.0.1 that is free now, with those at the given `offsets` from it
 * (the bus of a Redis Cluster node is 10 000 further). Another process may still take it before
 * it is used: whoever listens tries again with another one.
 *
 * @throws Error when 50 draws in a row were taken.
 */
export async function freePort(offsets: readonly number[] = []): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const port = randomInt(first, last + 1);
    const free = await Promise.all([0, ...offsets].map((offset) => bindable(port + offset)));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`no free port between ${first} and ${last} in ${tries} tries`);
}
