import { gate } from '@gabion/testkit';
import { expect, test } from 'vitest';
import { defineStatement } from '../src/index.js';
import { failureOf } from './statements.js';

const one = defineStatement({ name: 'one', text: 'SELECT 1' });
const timeoutMs = 20;

/** A pool that lends its connection when the test says so, and what becomes of that. */
function createPool() {
  const lending = gate<unknown>();
  const history: string[] = [];
  const connection = {
    query: async () => {
      history.push('asked');
      return { rows: [] };
    },
    release: (error?: Error) => history.push(error === undefined ? 'given back' : 'closed'),
    on: () => {},
    off: () => {},
  };
  const pool = { totalCount: 0, query: connection.query, connect: () => lending.promise };
  return { pool, history, lend: () => lending.open(connection) };
}

test('a connection that is lent after the deadline is given back unused', async () => {
  const { pool, history, lend } = createPool();
  expect((await failureOf(one.run(pool, { timeoutMs }))).effect).toBe('none');
  lend();
  await new Promise((turned) => setImmediate(turned));
  expect(history).toEqual(['given back']);
});

test('so is one that is lent after the time is up, before the run has ended', async () => {
  const { pool, history, lend } = createPool();
  const failing = failureOf(one.run(pool, { timeoutMs }));
  // Due right after the run's own timer, in the same turn of a loop that was blocked past both.
  setTimeout(lend, timeoutMs);
  for (const endMs = performance.now() + 3 * timeoutMs; performance.now() < endMs; );
  expect((await failing).effect).toBe('none');
  expect(history).toEqual(['given back']);
});

test('one that is lent in time is asked once, and given back', async () => {
  const { pool, history, lend } = createPool();
  const running = one.run(pool, { timeoutMs: 60_000 });
  lend();
  expect(await running).toEqual([]);
  expect(history).toEqual(['asked', 'given back']);
});
