import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../src/free-port.js';
import { gate } from '../src/history.js';

async function listens(port: number): Promise<void> {
  const { promise, open, fail } = gate();
  const server = createServer().once('error', fail);
  server.listen(port, '127.0.0.1', () => server.close(() => open()));
  await promise;
}

test('a free port can be listened on, and those at its offsets too', async () => {
  const port = await freePort([10_000]);
  await listens(port);
  await listens(port + 10_000);
});

test('a free port is never one that outgoing connections are given', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  for (const port of ports) expect(port).toSatisfy((n: number) => n >= 12_000 && n < 20_000);
});
