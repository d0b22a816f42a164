import { randomPrefix, until } from '@gabion/testkit';
import { ownPostgres } from '@gabion/testkit/own-postgres';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PostgresStatement } from '../src/index.js';
import { openClient, openPool, queryOnly } from './clients.js';
import { failureOf, newCounter } from './statements.js';

const own = ownPostgres();
const soon = { timeoutMs: 150 };
const inTime = { timeoutMs: 20_000 };
let increment: PostgresStatement;
let count: () => Promise<unknown>;

beforeEach(async () => {
  ({ increment, count } = await newCounter(own.direct, randomPrefix()));
});

const kinds = [
  ['a pool', (url = own.url) => openPool(url)],
  ['what only has query', (url = own.url) => queryOnly(openPool(url))],
] as const;

describe.each(kinds)('the effect that %s reports', (_, open) => {
  test('is none when the server is not there, and the next one after its return works', async () => {
    // Past the proxy, which would accept the connection.
    const pool = open(own.server.url);
    await increment.run(pool, inTime);
    await own.server.kill();
    // The idle connection may have been found broken, or be found so now.
    await until(async () => (await failureOf(increment.run(pool, inTime))).effect === 'none');
    const failure = await failureOf(increment.run(pool, inTime));
    expect(failure).toMatchObject({
      effect: 'none',
      message: expect.stringContaining('increment: '),
    });
    await own.server.restart();
    await until(() => increment.run(pool, inTime));
    expect(await count()).toBe(2);
  });

  test('is unknown when the server stalls, for it may still take effect', async () => {
    const pool = open();
    await increment.run(pool, inTime);
    own.proxy.stall();
    const failure = await failureOf(increment.run(pool, soon));
    expect(failure).toMatchObject({ effect: 'unknown', cause: undefined });
    expect(failure.message).toBe('increment: no reply within 150 ms');
    expect(await count()).toBe(1);
  });

  test('is unknown when the reply is lost, for it was taken', async () => {
    const pool = open();
    await increment.run(pool, inTime);
    own.proxy.dropReplies();
    expect((await failureOf(increment.run(pool, soon))).effect).toBe('unknown');
    expect(await count()).toBe(2);
  });

  test('is unknown when the connection breaks before the reply', async () => {
    const pool = open();
    await increment.run(pool, inTime);
    own.proxy.dropReplies();
    const failing = failureOf(increment.run(pool, inTime));
    await until(async () => (await count()) === 2);
    own.proxy.cut();
    const failure = await failing;
    expect(failure.effect).toBe('unknown');
    expect(failure.cause).toBeInstanceOf(Error);
  });

  test('is unknown when the server is killed before the reply', async () => {
    const pool = open();
    await increment.run(pool, inTime);
    own.proxy.dropReplies();
    const failing = failureOf(increment.run(pool, inTime));
    await until(async () => (await count()) === 2);
    await own.server.kill();
    own.proxy.cut();
    expect((await failing).effect).toBe('unknown');
    await own.server.restart();
    await until(async () => (await count()) === 2);
  });

  test('is none when its host has no address', async () => {
    const pool = open('postgres://gabion@gabion.invalid/gabion');
    const failure = await failureOf(increment.run(pool, inTime));
    expect(failure).toMatchObject({ effect: 'none', cause: { syscall: 'getaddrinfo' } });
  });
});

describe('a pool tells what happened before it lent a connection, where query alone cannot', () => {
  test('a connection that breaks while it is made', async () => {
    own.proxy.stall();
    for (const [open, effect] of [
      [openPool(own.url), 'none'],
      [queryOnly(openPool(own.url)), 'unknown'],
    ] as const) {
      const failing = failureOf(increment.run(open, inTime));
      await until(() => own.proxy.connections === 1);
      own.proxy.cut();
      expect((await failing).effect).toBe(effect);
      await until(() => own.proxy.connections === 0);
    }
  });

  test('a connection that is not made within the deadline, and nothing is sent later', async () => {
    const pool = openPool(own.url);
    own.proxy.stall();
    const failures = await Promise.all([1, 2, 3].map(() => failureOf(increment.run(pool, soon))));
    expect(failures.map(({ effect }) => effect)).toEqual(['none', 'none', 'none']);
    own.proxy.heal();
    await until(() => pool.idleCount === 3);
    await increment.run(pool, inTime);
    expect(await count()).toBe(1);
  });

  test('a pool whose connections are all lent, and nothing is sent when one is back', async () => {
    const pool = openPool(own.url, { max: 1 });
    const busy = await pool.connect();
    const failure = await failureOf(increment.run(pool, soon));
    busy.release();
    expect(failure.effect).toBe('none');
    await until(() => pool.idleCount === 1);
    await increment.run(pool, inTime);
    expect(await count()).toBe(1);
  });

  test("a pool's own time-out", async () => {
    const pool = openPool(own.url, { max: 1 });
    const alone = queryOnly(pool);
    const busy = await pool.connect();
    // Only from now on: the connection itself may take its time.
    pool.options.connectionTimeoutMillis = 50;
    const failures = await Promise.all(
      [pool, alone].map((client) => failureOf(increment.run(client, inTime))),
    );
    busy.release();
    for (const { effect, message } of failures) {
      expect(effect).toBe('none');
      expect(message).toBe('increment: timeout exceeded when trying to connect');
    }
    own.proxy.stall();
    await increment.run(openPool(own.server.url), inTime);
    for (const wrap of [(client: typeof pool) => client, queryOnly]) {
      const slow = openPool(own.url, { connectionTimeoutMillis: 50 });
      expect((await failureOf(increment.run(wrap(slow), inTime))).effect).toBe('none');
    }
    expect(await count()).toBe(1);
  });
});

test('a client whose connection broke has no effect from then on', async () => {
  const client = await openClient(own.url);
  await increment.run(client, inTime);
  const ended = new Promise((resolve) => client.once('end', resolve));
  own.proxy.cut();
  await ended;
  expect((await failureOf(increment.run(client, inTime))).effect).toBe('none');
  expect(await count()).toBe(1);
});
