import { redisForTests } from '@gabion/testkit';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createFencedLock } from '../src/index.js';
import {
  fencedSet,
  type RedisLeaseStoreOptions,
  redisFenceStore,
  redisLeaseStore,
} from '../src/redis.js';

const patience = { timeoutMs: 10_000 };
const holdMs = 60_000;
let shared: ReturnType<typeof redisForTests>;

beforeEach(() => {
  shared = redisForTests(inject('redisUrl'));
});
afterEach(() => shared.cleanup());

function place(namespace = 'default') {
  return { keyPrefix: shared.prefix, namespace, ...patience };
}

function storeOf(options: RedisLeaseStoreOptions = {}) {
  return redisLeaseStore(shared.redis, { ...place(), ...options });
}

/** The keys of the test, without what each begins with. */
async function keys(): Promise<string[]> {
  return (await shared.keys()).map((key) => key.slice(shared.prefix.length));
}

describe('10. Keys of any text', () => {
  test('a held lock is one string that ends with its lease, and a namespace one counter without an end', async () => {
    const store = storeOf({ namespace: 'jobs {1}' });
    await store.acquire({ key: 'é {k}:x', owner: 'a.1', holdMs });
    expect(await keys()).toEqual([':{jobs %7B1%7D}:fence', ':{jobs %7B1%7D}:lease:é {k}:x']);
    const [counter, lease] = (await shared.keys()) as [string, string];
    expect(await shared.redis.pttl(counter)).toBe(-1);
    expect(await shared.redis.pttl(lease)).toBeGreaterThan(holdMs - 5_000);
    expect(await shared.redis.pttl(lease)).toBeLessThanOrEqual(holdMs);
    await store.release({ key: 'é {k}:x', owner: 'a.1' });
    expect(await keys()).toEqual([':{jobs %7B1%7D}:fence']);
  });

  test('an offer is kept for half a second, and standing in line prolongs nothing', async () => {
    const store = storeOf();
    await store.acquire({ key: 'k', owner: 'a.1', holdMs });
    const lease = `${shared.prefix}:{default}:lease:k`;
    await shared.redis.pexpire(lease, 30_000);
    await store.acquire({ key: 'k', owner: 'b.1', holdMs, waiter: 'b' });
    await store.acquire({ key: 'k', owner: 'c.1', holdMs, waiter: 'c' });
    await store.leave({ key: 'k', waiter: 'c' });
    expect(await shared.redis.pttl(lease)).toBeLessThanOrEqual(30_000);
    expect(await shared.redis.pttl(lease)).toBeGreaterThan(0);
    await store.release({ key: 'k', owner: 'a.1' });
    expect(await shared.redis.pttl(lease)).toBeLessThanOrEqual(500);
  });

  test('nothing stays without an end but counters and marks', async () => {
    const store = storeOf();
    for (let i = 0; i < 40; i += 1) {
      const key = `k${i % 3}`;
      const who = 'abc'.charAt((i % 7) % 3);
      await store.acquire({ key, owner: `${who}.1`, holdMs, waiter: who });
      if (i % 5 === 4) await store.release({ key, owner: `${who}.1` });
      if (i % 11 === 10) await store.leave({ key, waiter: who });
      if (i % 6 === 5) await store.renew({ key, owner: `${who}.1`, holdMs });
      const endless = [];
      for (const one of await shared.keys()) {
        if ((await shared.redis.pttl(one)) === -1) endless.push(one);
      }
      expect(endless).toEqual([`${shared.prefix}:{default}:fence`]);
    }
  });

  test('an empty key, one that is too long and a lone surrogate are refused before any I/O', async () => {
    const lock = createFencedLock({ store: storeOf() });
    for (const key of ['', 'a'.repeat(1_025), '\ud800']) {
      await expect(lock.acquire(key)).rejects.toThrow(RangeError);
      const options = { keyPrefix: shared.prefix };
      await expect(fencedSet(shared.redis, key, 'v', 1, options)).rejects.toThrow(RangeError);
    }
    expect(await keys()).toEqual([]);
  });

  test.each(['{}a', 'a}', 'a}b{c', '}{'])(
    'fencedSet refuses the key %j, which its mark cannot stand beside',
    async (key) => {
      const setting = fencedSet(shared.redis, key, 'v', 1, place());
      await expect(setting).rejects.toThrow(RangeError);
      await expect(setting).rejects.toThrow(
        'fencedSet: key must not begin like a key of this package, nor have a } without a hash tag',
      );
      expect(await keys()).toEqual([]);
      // A guard needs no place beside it.
      expect(await redisFenceStore(shared.redis, place()).advance(key, 3)).toBe(3);
    },
  );

  test('fencedSet refuses keys of the package itself', async () => {
    const store = storeOf();
    await store.acquire({ key: 'k', owner: 'a.1', holdMs });
    await redisFenceStore(shared.redis, place()).advance('ledger', 2);
    const before = await shared.keys();
    const values = await shared.redis.mget(before);
    for (const key of before) {
      await expect(fencedSet(shared.redis, key, 'v', 9, place())).rejects.toThrow(RangeError);
    }
    expect(await shared.redis.mget(before)).toEqual(values);
    expect(await shared.keys()).toEqual(before);
  });

  test('namespaces and prefixes share nothing', async () => {
    const request = { key: 'k', owner: 'a.1', holdMs };
    const stores = [
      storeOf({ namespace: 'a' }),
      storeOf({ namespace: 'b' }),
      storeOf({ keyPrefix: `${shared.prefix}:a`, namespace: 'b' }),
    ];
    for (const store of stores) {
      expect(await store.acquire(request)).toMatchObject({ status: 'granted' });
    }
    const marks = redisFenceStore(shared.redis, place('a'));
    await marks.advance('k', 7);
    expect(await redisFenceStore(shared.redis, place('b')).highest('k')).toBe(0);
    expect(await redisFenceStore(shared.redis, place('a')).highest('k')).toBe(7);
  });

  test('a client that was told to make texts of numbers is understood', async () => {
    const redis = new Redis(inject('redisUrl'), { stringNumbers: true });
    onTestFinished(() => redis.disconnect());
    const store = redisLeaseStore(redis, place());
    const request = { key: 'k', owner: 'a.1', holdMs };
    const other = { ...request, owner: 'b.1' };
    expect(await store.acquire(request)).toMatchObject({ status: 'granted' });
    expect(await store.acquire(other)).toEqual({ status: 'held', heldMs: expect.any(Number) });
    expect([await store.renew(request), await store.renew(other)]).toEqual(['renewed', 'stolen']);
    expect(await store.release(other)).toBe('not-held');
    expect(await store.release(request)).toBe('released');
    expect(await store.renew(request)).toBe('missing');
    expect(await redisFenceStore(redis, place()).advance('k', 5)).toBe(5);
  });
});

describe('arguments on Redis are checked before any I/O', () => {
  const never = { status: 'ready', evalsha: fail, eval: fail, on() {}, off() {} };

  function fail(): never {
    throw new Error('it was asked');
  }

  test.each([
    ['redisLeaseStore', redisLeaseStore],
    ['redisFenceStore', redisFenceStore],
  ] as const)('by %s', (fn, create) => {
    expect(() => create({} as never)).toThrow(`${fn}: redis must be an ioredis client`);
    expect(() => create(undefined as never)).toThrow(TypeError);
    for (const [name, wrong] of [
      ['namespace', { namespace: '' }],
      ['namespace', { namespace: 'a'.repeat(49) }],
      ['namespace', { namespace: '\ud800' }],
      ['keyPrefix', { keyPrefix: 'a{b' }],
      ['keyPrefix', { keyPrefix: '' }],
      ['timeoutMs', { timeoutMs: 0 }],
      ['timeoutMs', { timeoutMs: 2 ** 31 }],
    ] as const) {
      expect(() => create(never, wrong)).toThrow(RangeError);
      expect(() => create(never, wrong)).toThrow(`${fn}: ${name} must`);
    }
    create(never, { namespace: 'a'.repeat(48), keyPrefix: 'a:b', timeoutMs: 1 });
    create(never, { namespace: undefined, keyPrefix: undefined, timeoutMs: undefined });
  });

  test('by fencedSet', async () => {
    const fn = 'fencedSet';
    await expect(fencedSet({} as never, 'k', 'v', 1)).rejects.toThrow(`${fn}: redis must`);
    await expect(fencedSet(never, 7 as never, 'v', 1)).rejects.toThrow(`${fn}: key must`);
    await expect(fencedSet(never, 'k', 7 as never, 1)).rejects.toThrow(`${fn}: value must`);
    await expect(fencedSet(never, 'k', 'v', 0)).rejects.toThrow(`${fn}: fence must`);
    await expect(fencedSet(never, 'k', 'v', 2 ** 53)).rejects.toThrow(RangeError);
    await expect(fencedSet(never, 'k', 'v', 1, { namespace: '' })).rejects.toThrow(`${fn}: namesp`);
    await expect(fencedSet(never, 'k', 'v', 1, { timeoutMs: 0 })).rejects.toThrow(`${fn}: timeout`);
  });
});
