import { getEventListeners } from 'node:events';
import { gate, randomPrefix, until } from '@gabion/testkit';
import { ownPostgres } from '@gabion/testkit/own-postgres';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { defineStatement, type PostgresPool, type PostgresStatement } from '../src/index.js';
import { openPool, queryOnly } from './clients.js';
import { failureOf, newCounter } from './statements.js';

const own = ownPostgres();
const soon = { timeoutMs: 60 };
let increment: PostgresStatement;

beforeEach(async () => {
  ({ increment } = await newCounter(own.direct, randomPrefix()));
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

/** What would end the process, if it were not the test's. */
function unhandled(): unknown[] {
  const heard: unknown[] = [];
  const hear = (reason: unknown) => heard.push(reason);
  process.on('unhandledRejection', hear).on('uncaughtException', hear);
  onTestFinished(() => void process.off('unhandledRejection', hear).off('uncaughtException', hear));
  return heard;
}

/** Long enough for Node.js to notice a rejection that nobody handles. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((turned) => setImmediate(turned));
}

const kinds = [
  ['a pool', () => openPool(own.url, { max: 5 })],
  ['what only has query', () => queryOnly(openPool(own.url, { max: 5 }))],
] as const;

describe.each(kinds)('on %s', (_, open) => {
  test('no timer outlives its run, whichever way the run ends', async () => {
    const pool = open();
    const call = { timeoutMs: 600_000 };
    const many = (run: () => Promise<unknown>) => Promise.all(Array.from({ length: 50 }, run));
    await many(() => increment.run(pool, call));
    const before = timers();
    const running = many(() => increment.run(pool, call));
    expect(timers()).toBeGreaterThanOrEqual(before + 50);
    await running;
    const wrong = defineStatement({ name: 'wrong', text: 'SELECT 1 / 0' });
    await many(() => failureOf(wrong.run(pool, call)));
    await many(() => {
      const abort = new AbortController();
      const aborted = increment.run(pool, { ...call, signal: abort.signal });
      abort.abort();
      return aborted.catch(() => {});
    });
    await increment.run(pool, call);
    // The pool's own timers, one for each idle connection, may have come and gone meanwhile.
    await until(() => timers() < before + 10);
  });

  test('no listener stays with a signal that outlives the run', async () => {
    const pool = open();
    const { signal } = new AbortController();
    const running = [1, 2].map(() => increment.run(pool, { timeoutMs: 20_000, signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(2);
    await Promise.all(running);
    own.proxy.stall();
    await failureOf(increment.run(pool, { ...soon, signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('a connection that breaks after its run was given up ends nothing else', async () => {
    const heard = unhandled();
    const pool = open();
    await increment.run(pool, { timeoutMs: 20_000 });
    own.proxy.stall();
    await Promise.all([1, 2, 3].map(() => failureOf(increment.run(pool, soon))));
    own.proxy.refuse();
    await turns();
    await until(() => own.proxy.connections === 0);
    await turns();
    expect(heard).toEqual([]);
  });
});

test('a client that settles after its run was given up is not heard, and ends nothing', async () => {
  const heard = unhandled();
  const late = gate();
  const failing: PostgresPool = {
    async query() {
      await late.promise;
      throw new Error('late');
    },
  };
  expect((await failureOf(increment.run(failing, { timeoutMs: 1 }))).effect).toBe('unknown');
  late.open();
  await turns();
  expect(heard).toEqual([]);
});

test('a pool that refuses a connection after the run was given up ends nothing', async () => {
  const heard = unhandled();
  const late = gate();
  const pool = {
    totalCount: 0,
    query: () => Promise.reject(new Error('is not asked')),
    async connect() {
      await late.promise;
      throw new Error('late');
    },
  };
  expect((await failureOf(increment.run(pool, { timeoutMs: 1 }))).effect).toBe('none');
  late.open();
  await turns();
  expect(heard).toEqual([]);
});
