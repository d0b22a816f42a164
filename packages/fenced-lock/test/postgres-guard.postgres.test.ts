import { describe, expect, test } from 'vitest';
import { createFenceGuard } from '../src/index.js';
import { fenceInTransaction, migrate, postgresFenceStore } from '../src/postgres.js';
import { ownSchema, patience } from './postgres-fixtures.js';

const own = ownSchema();
let names = 0;

function newName(): string {
  names += 1;
  return `ledger ${names}`;
}

function place(namespace = 'default') {
  return { schema: own.schema, namespace, ...patience };
}

async function begin() {
  const client = await own.connect();
  await client.query('BEGIN');
  return client;
}

describe('5. The guard lives with the write', () => {
  test('in a transaction a later or equal fence passes and raises the mark, an older one does not', async () => {
    const store = postgresFenceStore(own.pool, place());
    const name = newName();
    for (const fence of [5, 5, 9007199254740990]) {
      const client = await begin();
      await fenceInTransaction(client, name, fence, place());
      await client.query('COMMIT');
      expect(await store.highest(name)).toBe(fence);
    }
    const client = await begin();
    const refused = fenceInTransaction(client, name, 9007199254740989, place());
    await expect(refused).rejects.toMatchObject({
      code: 'STALE_FENCE',
      resource: name,
      fence: 9007199254740989,
      highest: 9007199254740990,
    });
  });

  test('after a refusal the transaction cannot commit, whatever its owner does', async () => {
    const name = newName();
    await own.pool.query(`CREATE TABLE ${own.schema}.ledger (line text)`);
    await postgresFenceStore(own.pool, place()).advance(name, 2);
    const zombie = await begin();
    await zombie.query(`INSERT INTO ${own.schema}.ledger VALUES ('before the check')`);
    await fenceInTransaction(zombie, name, 1, place()).catch(() => 'and goes on');
    await zombie.query(`INSERT INTO ${own.schema}.ledger VALUES ('after')`).catch(() => {});
    expect((await zombie.query('COMMIT')).command).toBe('ROLLBACK');
    expect((await own.pool.query(`SELECT * FROM ${own.schema}.ledger`)).rows).toEqual([]);
  });

  test.each([
    ['raises the mark', 5, 7],
    ['has the fence of the mark', 7, 7],
  ])(
    'until a transaction that %s ends, no later holder comes in between',
    async (_, mark, fence) => {
      const store = postgresFenceStore(own.pool, place());
      const name = newName();
      await store.advance(name, mark);
      const [client, other] = [await begin(), await own.connect()];
      await fenceInTransaction(client, name, fence, place());
      let advanced = false;
      const advancing = postgresFenceStore(other, place())
        .advance(name, 8)
        .finally(() => {
          advanced = true;
        });
      await own.waiting(1);
      expect(advanced).toBe(false);
      await client.query('COMMIT');
      expect(await advancing).toBe(8);
    },
  );

  test('a transaction that is rolled back raises nothing', async () => {
    const store = postgresFenceStore(own.pool, place());
    const name = newName();
    const client = await begin();
    await fenceInTransaction(client, name, 7, place());
    await client.query('ROLLBACK');
    expect(await store.highest(name)).toBe(0);
  });

  test('an older holder that waits for a later one is refused when that commits', async () => {
    const name = newName();
    const [later, older] = [await begin(), await begin()];
    await fenceInTransaction(later, name, 7, place());
    const refused = expect(fenceInTransaction(older, name, 6, place())).rejects.toMatchObject({
      code: 'STALE_FENCE',
      highest: 7,
    });
    await own.waiting(1);
    await later.query('COMMIT');
    await refused;
  });

  test('a guard shares the marks, and its check raises none', async () => {
    const name = newName();
    const store = postgresFenceStore(own.pool, place());
    const guard = createFenceGuard(store);
    await guard.check(name, 3);
    expect(await store.highest(name)).toBe(0);
    await guard.advance(name, 5);
    await guard.check(name, 9);
    expect(await store.highest(name)).toBe(5);
    await expect(guard.check(name, 4)).rejects.toMatchObject({ code: 'STALE_FENCE', highest: 5 });
    const client = await begin();
    const refused = fenceInTransaction(client, name, 4, place());
    await expect(refused).rejects.toMatchObject({ code: 'STALE_FENCE', highest: 5 });
  });

  test('namespaces share no mark', async () => {
    const name = newName();
    await migrate(own.pool, { schema: own.schema, namespace: 'other' });
    await postgresFenceStore(own.pool, place()).advance(name, 5);
    expect(await postgresFenceStore(own.pool, place('other')).highest(name)).toBe(0);
    const client = await begin();
    await fenceInTransaction(client, name, 1, place('other'));
    await client.query('COMMIT');
    expect(await postgresFenceStore(own.pool, place()).highest(name)).toBe(5);
  });

  test('a fence that is the mark writes nothing, so that a busy holder leaves no dead rows', async () => {
    const name = newName();
    const store = postgresFenceStore(own.pool, place());
    await store.advance(name, 5);
    const where = `SELECT ctid::text FROM ${own.schema}.fenced_lock_mark WHERE name = $1`;
    const before = (await own.pool.query(where, [name])).rows;
    for (const fence of [5, 4, 1]) await store.advance(name, fence);
    expect((await own.pool.query(where, [name])).rows).toEqual(before);
  });

  test('what goes wrong otherwise is a failure of the store', async () => {
    const client = await begin();
    await client.query('SELECT 1 / 0').catch(() => {});
    const failed = fenceInTransaction(client, newName(), 1, place());
    await expect(failed).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', effect: 'none' });
    await client.query('ROLLBACK');
    await client.query('BEGIN');
    const name = newName();
    await fenceInTransaction(client, name, 1, place());
    const other = await begin();
    const late = fenceInTransaction(other, name, 2, { ...place(), timeoutMs: 30 });
    await expect(late).rejects.toThrow('fenceInTransaction: no reply within 30 ms');
    await client.query('COMMIT');
  });
});
