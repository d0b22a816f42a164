import { postgresForTests } from '@gabion/testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { migrate, type PostgresPool, requireLayout, StoreLayoutError } from '../src/index.js';
import { failureOf } from './statements.js';

const timeoutMs = 20_000;
let shared: ReturnType<typeof postgresForTests>;
let names = 0;

beforeAll(() => {
  shared = postgresForTests(inject('postgresUrl'));
});
afterAll(() => shared.cleanup());

/** A layout that no other test has. */
function newLayout() {
  names += 1;
  return { schema: shared.schema, name: `layout ${names}` };
}

/** The same pool, and how often it is asked. */
function counted(pool: PostgresPool) {
  let asked = 0;
  const counting: PostgresPool = {
    query(text, values) {
      asked += 1;
      return pool.query(text, values);
    },
  };
  return { counting, asked: () => asked };
}

describe('a store whose layout', () => {
  test('is not there says to run migrate(), and asks again the next time', async () => {
    const layout = newLayout();
    const wanted = { ...layout, version: 1, timeoutMs };
    const failing = requireLayout(shared.pool, wanted);
    await expect(failing).rejects.toThrow(StoreLayoutError);
    await expect(failing).rejects.toMatchObject({
      code: 'STORE_LAYOUT',
      message: expect.stringMatching(/^the layout of .* is not there: run its migrate\(\) first$/),
    });
    await migrate(shared.pool, { ...layout, steps: [['SELECT 1']] });
    await requireLayout(shared.pool, wanted);
  });

  test('is older says which it is', async () => {
    const layout = newLayout();
    await migrate(shared.pool, { ...layout, steps: [['SELECT 1']] });
    const failing = requireLayout(shared.pool, { ...layout, version: 2, timeoutMs });
    await expect(failing).rejects.toThrow('is 1, older than 2: run its migrate() first');
  });

  test('is newer says so, with or without a pool that has met its own', async () => {
    const layout = newLayout();
    await migrate(shared.pool, { ...layout, steps: [['SELECT 1'], ['SELECT 2']] });
    const failing = requireLayout(shared.pool, { ...layout, version: 1, timeoutMs });
    await expect(failing).rejects.toThrow('is 2, newer than 1');
    await requireLayout(shared.pool, { ...layout, version: 2, timeoutMs });
  });

  test('was found is not asked for again, by pool, schema, name and version', async () => {
    const layout = newLayout();
    await migrate(shared.pool, { ...layout, steps: [['SELECT 1']] });
    const { counting, asked } = counted(shared.pool);
    for (let call = 0; call < 3; call += 1) {
      await requireLayout(counting, { ...layout, version: 1, timeoutMs });
    }
    expect(asked()).toBe(1);
    const other = { ...layout, version: 2, timeoutMs };
    await expect(requireLayout(counting, other)).rejects.toThrow('older than 2');
    await expect(
      requireLayout(counting, { ...newLayout(), version: 1, timeoutMs }),
    ).rejects.toThrow('is not there');
    await requireLayout(counted(shared.pool).counting, { ...layout, version: 1, timeoutMs });
    expect(asked()).toBe(3);
  });

  test('cannot be read is unavailable, which is not remembered', async () => {
    const layout = newLayout();
    await migrate(shared.pool, { ...layout, steps: [['SELECT 1']] });
    let broken = true;
    const pool: PostgresPool = {
      query: (text, values) =>
        broken ? Promise.reject(new Error('broken')) : shared.pool.query(text, values),
    };
    const wanted = { ...layout, version: 1, timeoutMs };
    expect((await failureOf(requireLayout(pool, wanted))).message).toBe('requireLayout: broken');
    broken = false;
    await requireLayout(pool, wanted);
  });
});

test('a look ends with its signal', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  const looking = requireLayout(shared.pool, { ...newLayout(), version: 1, timeoutMs, signal });
  await expect(looking).rejects.toThrow('enough');
});
