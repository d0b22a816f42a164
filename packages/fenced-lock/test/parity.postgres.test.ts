import { createManualClock } from '@gabion/clock/testing';
import { postgresForTests } from '@gabion/testkit';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { postgresLeaseStore } from '../src/postgres.js';
import { anyHistory, playBoth } from './lease-histories.js';
import { migrateAt, postgresAt } from './postgres-clock.js';

const clock = createManualClock();
const namespace = 'parity';
let shared: ReturnType<typeof postgresForTests>;
let client: Client;
let histories = 0;

beforeAll(async () => {
  shared = postgresForTests(inject('postgresUrl'));
  client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await migrateAt(client, { schema: shared.schema, namespace });
});
afterAll(async () => {
  await client.end();
  await shared.cleanup();
});

/** Keys of their own, and a counter that begins where a memory store's does. */
async function newStart(): Promise<string> {
  histories += 1;
  await client.query(`SELECT setval('${shared.schema}."fenced_lock:${namespace}"', 1, false)`);
  return `start ${histories} of `;
}

describe('9. PostgreSQL', () => {
  test('memory and PostgreSQL answer alike on any history, fence for fence', async () => {
    const { schema } = shared;
    const pool = postgresAt(client, clock);
    const store = postgresLeaseStore(pool, { schema, namespace, timeoutMs: 20_000 });
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const remote = { store, start: await newStart() };
        const { memory, other } = await playBoth(history, clock, remote);
        expect(other).toEqual(memory.answers);
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});
