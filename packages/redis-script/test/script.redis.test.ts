import { redisForTests } from '@gabion/testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { defineScript } from '../src/index.js';
import { clients, mapping, openReady, recording } from './clients.js';
import { failureOf, increment, newScript } from './scripts.js';

const url = inject('redisUrl');
const timeoutMs = 10_000;
let shared: ReturnType<typeof redisForTests>;
let keys = 0;

beforeAll(() => {
  shared = redisForTests(url);
});
afterAll(() => shared.cleanup());

function newKey(): string {
  keys += 1;
  return `${shared.prefix}:${keys}`;
}

describe.each([...clients, mapping])('on %s', (_, open) => {
  test('keys and arguments arrive as they were given, and texts come back as texts', async () => {
    const { redis } = await openReady(open, url);
    const lua = 'return { #KEYS, KEYS[1], KEYS[2], #ARGV, ARGV[1], ARGV[2], ARGV[3], ARGV[4] }';
    const { run } = defineScript({ name: 'echo', lua });
    const both = [`${newKey()}:é{🔥}`, `${newKey()}: \u0000\r\n`];
    const args = [2 ** 53 - 1, '', '-0', '\ud83d\udd25'];
    const reply = await run(redis, { keys: both, args, timeoutMs });
    expect(reply).toEqual([2, ...both, 4, '9007199254740991', '', '-0', '🔥']);
  });

  test('a script that the server does not have is sent once more, by its text', async () => {
    const { redis, calls } = recording((await openReady(open, url)).redis);
    const { run } = newScript(increment);
    const call = { keys: [newKey()], args: [], timeoutMs };
    expect(await run(redis, call)).toBe(1);
    expect(await run(redis, call)).toBe(2);
    expect(calls).toEqual(['evalsha', 'eval', 'evalsha']);
  });

  test('of many first runs at once each takes effect once', async () => {
    const { redis } = await openReady(open, url);
    const { run } = newScript(increment);
    const call = { keys: [newKey()], args: [], timeoutMs };
    const replies = await Promise.all(Array.from({ length: 100 }, () => run(redis, call)));
    expect(replies.sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  });

  test('a script that fails is not sent again, and its error says why', async () => {
    const { redis, calls } = recording((await openReady(open, url)).redis);
    const key = newKey();
    const { run } = newScript(
      `redis.call('INCR', KEYS[1]) if ARGV[1] == 'no' then error('no') end`,
    );
    await run(redis, { keys: [key], args: ['yes'], timeoutMs });
    const failure = await failureOf(run(redis, { keys: [key], args: ['no'], timeoutMs }));
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', effect: 'unknown' });
    expect(failure.message).toMatch(/^counter: .*user_script.* no/);
    expect((failure.cause as Error).message).toContain('user_script');
    expect(calls).toEqual(['evalsha', 'eval', 'evalsha']);
    expect(await shared.redis.get(key)).toBe('2');
  });

  test("a command that Redis refuses inside the script is the error's cause", async () => {
    const { redis } = await openReady(open, url);
    const key = newKey();
    await shared.redis.lpush(key, 'a list');
    const failure = await failureOf(
      newScript(increment).run(redis, { keys: [key], args: [], timeoutMs }),
    );
    expect(failure.effect).toBe('unknown');
    expect((failure.cause as Error).message).toContain('WRONGTYPE');
  });
});
