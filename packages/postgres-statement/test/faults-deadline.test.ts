import { randomPrefix, until } from '@gabion/testkit';
import { ownPostgres } from '@gabion/testkit/own-postgres';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { PostgresStatement } from '../src/index.js';
import { openClient, openPool, queryOnly } from './clients.js';
import { failureOf, newCounter } from './statements.js';

const own = ownPostgres();
const deadlineMs = 100;
/** How much later than its deadline a run may end on a busy machine. */
const lateness = 20;
const inTime = { timeoutMs: 20_000 };
let increment: PostgresStatement;

beforeEach(async () => {
  ({ increment } = await newCounter(own.direct, randomPrefix()));
});

/** Keeps the event loop to itself. */
function block(ms: number): void {
  for (const endMs = performance.now() + ms; performance.now() < endMs; );
}

/** Past the proxy: it would be blocked with this process. A client takes one at a time. */
const kinds = [
  ['a pool', 200, async () => openPool(own.server.url)],
  ['a client', 1, () => openClient(own.server.url)],
  ['what only has query', 200, async () => queryOnly(openPool(own.server.url))],
] as const;

describe.each(kinds)('a run on %s', (_, many, open) => {
  test('ends by its deadline, however many there are, while the server hangs', async () => {
    const pool = await open();
    await increment.run(pool, inTime);
    own.server.pause();
    onTestFinished(() => own.server.resume());
    const beganMs = performance.now();
    const runs = Array.from({ length: many }, () => increment.run(pool, { timeoutMs: deadlineMs }));
    const failures = await Promise.all(runs.map(failureOf));
    expect(performance.now() - beganMs).toBeLessThan(lateness * deadlineMs);
    expect(failures.every(({ message }) => message.includes('no reply within'))).toBe(true);
  });

  test('is answered by a reply that came in time, though the event loop heard it late', async () => {
    const pool = await open();
    await increment.run(pool, inTime);
    const running = increment.run(pool, { timeoutMs: deadlineMs });
    // A pool lends its connection one tick later; then the statement is written.
    setImmediate(() => block(4 * deadlineMs));
    expect(await running).toEqual([{ n: 2 }]);
  });
});

describe('on a pool', () => {
  test('a deadline closes the connection, so that a dead network uses none up', async () => {
    const pool = openPool(own.url, { max: 2 });
    await Promise.all([1, 2, 3].map(() => increment.run(pool, inTime)));
    own.proxy.stall();
    const runs = Array.from({ length: 2 }, () => increment.run(pool, { timeoutMs: deadlineMs }));
    for (const failure of await Promise.all(runs.map(failureOf))) {
      expect(failure.effect).toBe('unknown');
    }
    await until(() => pool.totalCount === 0);
    own.proxy.heal();
    await increment.run(pool, inTime);
    expect(pool.totalCount).toBe(1);
  });
});
