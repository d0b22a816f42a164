import { redisForTests } from '@gabion/testkit';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { LeaseStore } from '../src/index.js';
import { fencedSet, redisFenceStore, redisLeaseStore } from '../src/redis.js';
import golden from './golden/layout-1-redis.json' with { type: 'json' };

const holdMs = 60_000;
let shared: ReturnType<typeof redisForTests>;
let place: { keyPrefix: string; timeoutMs: number };
let lease: string;
let counter: string;

beforeEach(() => {
  shared = redisForTests(inject('redisUrl'));
  place = { keyPrefix: shared.prefix, timeoutMs: 10_000 };
  lease = `${shared.prefix}:{default}:lease:k`;
  counter = `${shared.prefix}:{default}:fence`;
});
afterEach(() => shared.cleanup());

type Verb = 'acquire' | 'renew' | 'release' | 'leave';

/** Calls a verb, and says its answer in a word or by the fence. */
async function call(store: LeaseStore, verb: Verb, request: object): Promise<unknown> {
  const full = { key: 'k', holdMs, ...request };
  const answer: unknown = await store[verb](full as never);
  const { fence, status } = Object(answer) as { fence?: number; status?: string };
  return fence ?? status ?? String(answer);
}

const every: [Verb, object][] = [
  ['acquire', { owner: 'a.1' }],
  ['acquire', { owner: 'b.1', waiter: 'b' }],
  ['renew', { owner: 'a.1' }],
  ['release', { owner: 'a.1' }],
  ['leave', { waiter: 'b' }],
];

describe('layout 1 on Redis', () => {
  test.each(golden.leases)(
    'is read and written as it was: $what',
    async ({ value, verbs, left }) => {
      const store = redisLeaseStore(shared.redis, place);
      await shared.redis.set(lease, value, 'PX', holdMs);
      for (const [verb, request, answer] of verbs) {
        expect(await call(store, verb as Verb, request as object)).toBe(answer);
      }
      expect(await shared.redis.get(lease)).toBe(left);
      if (left !== null) expect(await shared.redis.pttl(lease)).toBeGreaterThan(0);
    },
  );

  test('a counter is read and written as it was, and a new lease too', async () => {
    const store = redisLeaseStore(shared.redis, place);
    await shared.redis.set(counter, golden.counter.value);
    const { owner, waiter } = golden.written;
    expect(await call(store, 'acquire', { owner })).toBe(golden.counter.next);
    expect(await shared.redis.get(counter)).toBe(golden.counter.left);
    await call(store, 'acquire', { owner: 'b.1', waiter });
    expect(await shared.redis.get(lease)).toBe(golden.written.lease);
  });

  test('a mark is read and written as it was', async () => {
    const store = redisFenceStore(shared.redis, place);
    const mark = `${shared.prefix}:{k}:mark:default:k`;
    await shared.redis.set(mark, golden.mark.value);
    expect(await store.highest('k')).toBe(golden.mark.next - 1);
    expect(await store.advance('k', golden.mark.next)).toBe(golden.mark.next);
    expect(await shared.redis.get(mark)).toBe(golden.mark.left);
  });

  test.each([
    ['a newer layout', '2 a.1 5 b'],
    ['a newer layout of the same looks', '12 a.1 5 b'],
    ['a text of somebody else', 'hello'],
    ['an empty text', ''],
  ])('%s is a named error to every verb, and nothing is written over it', async (_, value) => {
    const store = redisLeaseStore(shared.redis, place);
    await shared.redis.set(lease, value);
    for (const [verb, request] of every) {
      await expect(call(store, verb, request)).rejects.toMatchObject({
        code: 'STORE_LAYOUT',
        message: `redisLeaseStore.${verb}: what is stored for "k" is not of layout 1`,
      });
    }
    expect(await shared.redis.get(lease)).toBe(value);
    expect(await shared.keys()).toEqual([lease]);
  });

  test('a counter that is no number is a named error, and nothing is granted', async () => {
    const store = redisLeaseStore(shared.redis, place);
    await shared.redis.set(counter, 'v2:17');
    const claim = call(store, 'acquire', { owner: 'a.1' });
    await expect(claim).rejects.toMatchObject({ code: 'STORE_LAYOUT' });
    expect(await shared.keys()).toEqual([counter]);
    expect(await shared.redis.get(counter)).toBe('v2:17');
  });

  test.each(['2 5', 'hello', '', '1 ', '5'])(
    'a mark %j is a named error, and stays',
    async (value) => {
      const mark = `${shared.prefix}:{k}:mark:default:k`;
      await shared.redis.set(mark, value);
      const store = redisFenceStore(shared.redis, place);
      const key = `${shared.prefix} k`;
      await shared.redis.set(`${shared.prefix}:{${key}}:mark:default:${key}`, value);
      for (const run of [
        () => store.advance('k', 9),
        () => store.highest('k'),
        () => fencedSet(shared.redis, key, 'v', 9, place),
      ]) {
        await expect(run()).rejects.toMatchObject({ code: 'STORE_LAYOUT' });
      }
      expect(await shared.redis.get(mark)).toBe(value);
      expect(await shared.redis.get(key)).toBeNull();
    },
  );

  test('what is of another type is a failure of the store, with its cause', async () => {
    const store = redisLeaseStore(shared.redis, place);
    await shared.redis.lpush(lease, 'somebody else');
    for (const [verb, request] of every.slice(2)) {
      const failure = await call(store, verb, request).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', effect: 'unknown' });
      expect((failure as Error).cause).toBeInstanceOf(Error);
    }
    expect(await shared.redis.type(lease)).toBe('list');
  });
});
