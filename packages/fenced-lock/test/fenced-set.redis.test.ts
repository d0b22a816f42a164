import { redisForTests } from '@gabion/testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createFenceGuard } from '../src/index.js';
import { fencedSet, redisFenceStore } from '../src/redis.js';
import { type OpenedRedis, redisClients } from './store-clients.js';

const largest = Number.MAX_SAFE_INTEGER;

describe.each(redisClients)('5. The guard lives with the write: by %s', (_, open) => {
  const shared = redisForTests(inject('redisUrl'));
  const place = { keyPrefix: `${shared.prefix}:own`, timeoutMs: 10_000 };
  let opened: OpenedRedis;
  let names = 0;
  beforeAll(async () => {
    opened = await open(inject('redisUrl'));
  });
  afterAll(async () => {
    opened.close();
    await shared.cleanup();
  });

  function newKey(): string {
    names += 1;
    return `${shared.prefix}:ledger ${names}`;
  }

  const set = (key: string, value: string, fence: number) =>
    fencedSet(opened.redis, key, value, fence, place);

  test('a later or equal fence writes, and an older one writes nothing', async () => {
    const key = newKey();
    for (const [value, fence] of [
      ['first', 5],
      ['again', 5],
      ['later', 6],
    ] as const) {
      await set(key, value, fence);
      expect(await shared.redis.get(key)).toBe(value);
    }
    await expect(set(key, 'zombie', 5)).rejects.toMatchObject({
      code: 'STALE_FENCE',
      resource: key,
      fence: 5,
      highest: 6,
      message: `fencedSet: ${JSON.stringify(key)} has seen fence 6; 5 is older`,
    });
    expect(await shared.redis.get(key)).toBe('later');
  });

  test('fences are compared as numbers of sixteen digits', async () => {
    const key = newKey();
    for (const fence of [9, 10, 99, 100, largest - 1, largest]) {
      await set(key, `by ${fence}`, fence);
      expect(await shared.redis.get(key)).toBe(`by ${fence}`);
    }
    const refused = set(key, 'zombie', largest - 1);
    await expect(refused).rejects.toMatchObject({ highest: largest });
    expect(await shared.redis.get(key)).toBe(`by ${largest}`);
  });

  test('values of any text arrive as they are, the empty one too', async () => {
    const key = newKey();
    for (const [i, value] of ['', 'é{🔥}', ' \u0000\r\n', 'a'.repeat(100_000)].entries()) {
      await set(key, value, i + 1);
      expect(await shared.redis.get(key)).toBe(value);
    }
  });

  test('it shares one mark with a guard over a redisFenceStore, either way', async () => {
    const guard = createFenceGuard(redisFenceStore(opened.redis, place));
    const key = newKey();
    await set(key, 'first', 5);
    await expect(guard.advance(key, 4)).rejects.toMatchObject({ highest: 5 });
    await guard.advance(key, 8);
    await expect(set(key, 'zombie', 7)).rejects.toMatchObject({ highest: 8 });
    expect(await shared.redis.get(key)).toBe('first');
    await set(key, 'holder', 8);
  });

  test('once a holder has advanced, no older write lands between its read and its write', async () => {
    const guard = createFenceGuard(redisFenceStore(opened.redis, place));
    const key = newKey();
    await set(key, '1', 1);
    await guard.advance(key, 2);
    const read = Number(await shared.redis.get(key));
    await expect(set(key, '100', 1)).rejects.toMatchObject({ code: 'STALE_FENCE' });
    await set(key, String(read + 1), 2);
    expect(await shared.redis.get(key)).toBe('2');
  });

  test('check refuses, and raises no mark', async () => {
    const store = redisFenceStore(opened.redis, place);
    const guard = createFenceGuard(store);
    const key = newKey();
    await guard.check(key, 9);
    expect(await store.highest(key)).toBe(0);
    expect((await shared.keys()).filter((one) => one.includes(key))).toEqual([]);
    await guard.advance(key, 5);
    await guard.check(key, 9);
    expect(await store.highest(key)).toBe(5);
    await expect(guard.check(key, 4)).rejects.toMatchObject({ code: 'STALE_FENCE', highest: 5 });
  });

  test('marks and what they guard have no end, and a value that had one loses it', async () => {
    const key = newKey();
    await set(key, 'first', 1);
    await shared.redis.pexpire(key, 60_000);
    await set(key, 'second', 2);
    const mark = `${place.keyPrefix}:{${key}}:mark:default:${key}`;
    expect(await shared.redis.get(mark)).toBe('1 2');
    expect([await shared.redis.pttl(mark), await shared.redis.pttl(key)]).toEqual([-1, -1]);
  });

  test('it writes over what is no text, as SET does', async () => {
    const key = newKey();
    await shared.redis.lpush(key, 'a list');
    await set(key, 'a text', 1);
    expect(await shared.redis.get(key)).toBe('a text');
  });
});
