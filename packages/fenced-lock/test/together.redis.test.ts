import { redisForTests } from '@gabion/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { mostTogether } from '../src/redis/together.js';
import { type RedisClient, type RedisLeaseStore, redisLeaseStore } from '../src/redis.js';
import type { AcquireAnswer } from '../src/store.js';
import { type OpenedRedis, redisClients } from './store-clients.js';

let shared: ReturnType<typeof redisForTests>;
let places = 0;

beforeAll(async () => {
  shared = redisForTests(inject('redisUrl'));
  // A script is sent a little later on its first use, when its name is not known yet.
  const { store } = newStore(shared.redis);
  await store.renew({ key: 'k', owner: 'a', holdMs });
  await acquire(store, 'k', 'a');
  await store.release({ key: 'k', owner: 'a' });
  await store.leave({ key: 'k', waiter: 'w' });
  await Promise.all(['k', 'l'].map((key) => acquire(store, key, 'a')));
});
afterAll(() => shared.cleanup());

/** A store of its own namespace, and how many verbs went with each command. */
function newStore(redis: RedisClient, more: { timeoutMs?: number } = {}) {
  places += 1;
  const sent: number[] = [];
  const counting: RedisClient = {
    get status() {
      return redis.status;
    },
    on: (event, listener) => redis.on(event, listener),
    off: (event, listener) => redis.off(event, listener),
    eval: (lua, keyCount, ...rest) => redis.eval(lua, keyCount, ...rest),
    evalsha(sha, keyCount, ...rest) {
      // A verb alone has its lease and perhaps the counter; together they have the counter first.
      const isAlone = String(rest[0]).includes(':lease:');
      sent.push(isAlone ? 1 : keyCount - 1);
      return redis.evalsha(sha, keyCount, ...rest);
    },
  };
  const place = { keyPrefix: shared.prefix, namespace: `together-${places}`, timeoutMs: 10_000 };
  const store = redisLeaseStore(counting, { ...place, ...more });
  const keyOf = (key: string) => `${place.keyPrefix}:{${place.namespace}}:lease:${key}`;
  return { store, sent, keyOf };
}

const holdMs = 60_000;

function acquire(store: RedisLeaseStore, key: string, owner: string) {
  return store.acquire({ key, owner, holdMs });
}

function fenceOf(answer: AcquireAnswer | undefined): number {
  return answer?.status === 'granted' ? answer.fence : 0;
}

describe('verbs that are asked for in one turn', () => {
  test('go together, so many at most, and one that is alone goes alone', async () => {
    const { store, sent } = newStore(shared.redis);
    await acquire(store, 'alone', 'a');
    expect(sent).toEqual([1]);
    const keys = Array.from({ length: 2 * mostTogether + 1 }, (_, i) => `k${i}`);
    const answers = await Promise.all(keys.map((key) => acquire(store, key, 'a')));
    expect(sent).toEqual([1, mostTogether, mostTogether, 1]);
    const fences = answers.map(fenceOf);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(new Set(fences).size).toBe(keys.length);
  });

  test('take effect in the order in which they were asked for', async () => {
    const { store, sent } = newStore(shared.redis);
    const [first, held, released, next, left, renewed, stolen] = await Promise.all([
      acquire(store, 'k', 'a'),
      store.acquire({ key: 'k', owner: 'b', holdMs, waiter: 'w' }),
      store.release({ key: 'k', owner: 'a' }),
      store.acquire({ key: 'k', owner: 'b', holdMs, waiter: 'w' }),
      store.leave({ key: 'k', waiter: 'w' }),
      store.renew({ key: 'k', owner: 'b', holdMs }),
      store.renew({ key: 'k', owner: 'a', holdMs }),
    ]);
    expect(sent).toEqual([7]);
    expect([first.status, held.status, released]).toEqual(['granted', 'held', 'released']);
    expect(fenceOf(next)).toBeGreaterThan(fenceOf(first));
    expect([left, renewed, stolen]).toEqual([undefined, 'renewed', 'stolen']);
  });

  test('go apart where their deadlines differ, and in their order all the same', async () => {
    const { store, sent } = newStore(shared.redis);
    const [first, renewed, released, next] = await Promise.all([
      acquire(store, 'k', 'a'),
      store.renew({ key: 'k', owner: 'a', holdMs }, { timeoutMs: 5_000 }),
      store.release({ key: 'k', owner: 'a' }),
      acquire(store, 'k', 'b'),
    ]);
    expect(sent).toEqual([1, 1, 2]);
    expect([first.status, renewed, released, next.status]).toEqual([
      'granted',
      'renewed',
      'released',
      'granted',
    ]);
  });

  test('are all unknown when the command is lost', async () => {
    const { store } = newStore({
      status: 'ready',
      on: () => {},
      off: () => {},
      eval: () => Promise.reject(new Error('gone')),
      evalsha: () => Promise.reject(new Error('gone')),
    });
    const lost = await Promise.allSettled(['k', 'l'].map((key) => acquire(store, key, 'a')));
    const reason = { code: 'STORE_UNAVAILABLE', effect: 'unknown' };
    expect(lost).toMatchObject([{ reason }, { reason }]);
  });

  test('answer as they do one after another, whatever they are', async () => {
    const verb = fc.constantFrom('acquire', 'renew', 'release', 'leave');
    const who = fc.constantFrom('a', 'b');
    const calls = fc.array(fc.record({ verb, key: fc.constantFrom('k', 'l'), who }), {
      maxLength: 40,
    });
    type Call = { verb: string; key: string; who: string };
    const ask = (store: RedisLeaseStore, { verb, key, who }: Call) => {
      const owner = `${who}.1`;
      if (verb === 'acquire') return store.acquire({ key, owner, holdMs, waiter: who });
      if (verb === 'renew') return store.renew({ key, owner, holdMs });
      if (verb === 'release') return store.release({ key, owner });
      return store.leave({ key, waiter: who });
    };
    /** The fences by their rank, and without the times, which pass. */
    const told = (answers: unknown[]) => {
      const all = answers as (AcquireAnswer | string | undefined)[];
      const fences = all.map((one) => (typeof one === 'object' ? fenceOf(one) : 0));
      const ranks = [...new Set(fences)].toSorted((a, b) => a - b);
      return all.map((one, i) =>
        typeof one === 'object' ? [one.status, ranks.indexOf(fences[i] as number)] : one,
      );
    };
    const property = fc.asyncProperty(calls, async (history) => {
      const [at, by] = [newStore(shared.redis).store, newStore(shared.redis).store];
      const together = await Promise.all(history.map((call) => ask(at, call)));
      const alone: unknown[] = [];
      for (const call of history) alone.push(await ask(by, call));
      expect(told(together)).toEqual(told(alone));
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

describe.each(redisClients)('on %s', (_, open) => {
  let opened: OpenedRedis;
  beforeAll(async () => {
    opened = await open(inject('redisUrl'));
  });
  afterAll(() => opened.close());

  test('an error of one verb is not that of the others', async () => {
    const { store, keyOf } = newStore(opened.redis);
    await shared.redis.rpush(keyOf('not-ours'), 'a list');
    const [before, broken, after] = await Promise.allSettled([
      acquire(store, 'k', 'a'),
      acquire(store, 'not-ours', 'a'),
      acquire(store, 'l', 'a'),
    ]);
    expect([before.status, after.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(broken).toMatchObject({
      reason: {
        code: 'STORE_UNAVAILABLE',
        effect: 'unknown',
        message: expect.stringMatching(/^redisLeaseStore\.acquire: WRONGTYPE/),
      },
    });
    expect(await shared.redis.type(keyOf('not-ours'))).toBe('list');
  });

  test('a script that the server has forgotten is sent again', async () => {
    const { store } = newStore(opened.redis);
    await Promise.all([acquire(store, 'k', 'a'), acquire(store, 'l', 'a')]);
    await shared.redis.script('FLUSH');
    const released = ['k', 'l'].map((key) => store.release({ key, owner: 'a' }));
    expect(await Promise.all(released)).toEqual(['released', 'released']);
  });
});
