import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import {
  createTokenBucket,
  type Keys,
  memoryBucketStore,
  type SyncTokenBucket,
} from '../src/index.js';
import { recording, startMs } from './shell-fixtures.js';

/** A bucket with these limits, and what its store was asked. */
function createBucket(...names: string[]) {
  const clock = createManualClock(startMs);
  const { store, asked } = recording(memoryBucketStore({ clock }), clock);
  const refill = { tokens: 1, everyMs: 1_000 };
  const limits = names.map((name) => ({ name, capacity: 10, refill }));
  return { bucket: createTokenBucket({ limits, store, clock }), asked };
}

type Call = (bucket: SyncTokenBucket, key: Keys, cost: number) => unknown;

/** Every verb, and what it calls the number of tokens. */
const verbs: [verb: string, argument: string, call: Call][] = [
  ['take', 'cost', (bucket, key, cost) => bucket.take(key, { cost })],
  ['takeSync', 'cost', (bucket, key, cost) => bucket.takeSync(key, { cost })],
  ['peek', 'cost', (bucket, key, cost) => bucket.peek(key, { cost })],
  ['refund', 'tokens', (bucket, key, cost) => bucket.refund(key, cost)],
  ['wait', 'cost', (bucket, key, cost) => bucket.wait(key, { cost })],
];

/** How a call goes wrong: at once, or by a promise that rejects. */
async function mistakeOf(call: () => unknown): Promise<[how: string, error: string]> {
  let promise: unknown;
  try {
    promise = call();
  } catch (error) {
    return ['throws', String(error)];
  }
  return Promise.resolve(promise).then(
    () => ['answers', ''],
    (error) => ['rejects', String(error)],
  );
}

const whole = 'must be an integer of at least 0, got';
const badTokens: [value: unknown, message: string][] = [
  [-1, `RangeError: ${whole} -1`],
  [0.5, `RangeError: ${whole} 0.5`],
  [Number.NaN, `RangeError: ${whole} NaN`],
  [Infinity, `RangeError: ${whole} Infinity`],
  [2 ** 53, `RangeError: ${whole} 9007199254740992`],
  ['1', `TypeError: ${whole} "1"`],
  [1n, `TypeError: ${whole} 1n`],
  [null, `TypeError: ${whole} null`],
  [[1], `TypeError: ${whole} an array`],
];

const long = 'k'.repeat(1_025);
const badKeys: [key: unknown, message: string][] = [
  ['', 'RangeError: key must have 1 to 1024 characters, got ""'],
  [long, `RangeError: key must have 1 to 1024 characters, got "${'k'.repeat(40)}…"`],
  [5, 'TypeError: key must be a string or one string per limit, got 5'],
  [null, 'TypeError: key must be a string or one string per limit, got null'],
  [undefined, 'TypeError: key must be a string or one string per limit, got undefined'],
  [7n, 'TypeError: key must be a string or one string per limit, got 7n'],
  [{}, 'TypeError: key["minute"] must be a string, got undefined'],
  [['a', 'b'], 'TypeError: key["minute"] must be a string, got undefined'],
  [{ minute: 'a' }, 'TypeError: key["daily"] must be a string, got undefined'],
  [{ minute: 'a', daily: 5 }, 'TypeError: key["daily"] must be a string, got 5'],
  [{ minute: 'a', daily: '' }, 'RangeError: key["daily"] must have 1 to 1024 characters, got ""'],
  [
    { minute: 'a', daily: 'b', hourly: 'c' },
    'RangeError: key has no limit named "hourly" to go with it',
  ],
  [
    { minute: 'a', daily: 'b', ['__proto__']: 'c' },
    'RangeError: key has no limit named "__proto__" to go with it',
  ],
  [
    Object.create({ minute: 'a', daily: 'b' }),
    'TypeError: key["minute"] must be a string, got undefined',
  ],
];

describe('4. Bad input is refused before the store is asked', () => {
  describe.each(verbs)('%s', (verb, argument, call) => {
    const how = verb === 'takeSync' ? 'throws' : 'rejects';
    /** The same message with the function, and for a number the argument too, in its place. */
    const named = (message: string, what = '') =>
      message.replace('Error: ', `Error: ${verb}: ${what}`);

    test.each(badTokens)(
      'names itself, its argument and the number of tokens %o',
      async (value, message) => {
        const { bucket, asked } = createBucket('minute', 'daily');
        const mistake = await mistakeOf(() => call(bucket, 'k', value as number));
        expect(mistake).toEqual([how, named(message, `${argument} `)]);
        expect(asked.events).toEqual([]);
      },
    );

    test.each(badKeys)('names itself, its argument and the key %o', async (key, message) => {
      const { bucket, asked } = createBucket('minute', 'daily');
      const mistake = await mistakeOf(() => call(bucket, key as Keys, 1));
      expect(mistake).toEqual([how, named(message)]);
      expect(asked.events).toEqual([]);
    });
  });

  test.each([
    [-1, 'RangeError: wait: waitMs must be a number of at least 0, got -1'],
    [Number.NaN, 'RangeError: wait: waitMs must be a number of at least 0, got NaN'],
    ['1', 'TypeError: wait: waitMs must be a number of at least 0, got "1"'],
    [null, 'TypeError: wait: waitMs must be a number of at least 0, got null'],
  ])('wait names itself and the waitMs %o', async (waitMs, message) => {
    const { bucket, asked } = createBucket('minute');
    const mistake = await mistakeOf(() => bucket.wait('k', { waitMs: waitMs as number }));
    expect(mistake).toEqual(['rejects', message]);
    expect(asked.events).toEqual([]);
  });

  test('the longest key and any text in it are good', async () => {
    const { bucket } = createBucket('minute');
    for (const key of ['k'.repeat(1_024), ' ', '\u0000', '__proto__', 'constructor', '{a}', '🔥']) {
      expect(await bucket.take(key, { cost: 10 })).toMatchObject({ allowed: true, remaining: 0 });
      expect(bucket.takeSync(key)).toMatchObject({ allowed: false });
    }
  });

  test('a limit called __proto__ or constructor has a key like any other', () => {
    const { bucket } = createBucket('__proto__', 'constructor');
    const keys = { ['__proto__']: 'a', constructor: 'b' };
    expect(bucket.takeSync(keys, { cost: 4 }).limits.map((one) => one.remaining)).toEqual([6, 6]);
    const others = { ['__proto__']: 'a', constructor: 'c' };
    expect(bucket.takeSync(others, { cost: 1 }).limits.map((one) => one.remaining)).toEqual([5, 9]);
    expect(() => bucket.takeSync({ constructor: 'b' })).toThrow(
      'takeSync: key["__proto__"] must be a string, got undefined',
    );
  });

  test('cost 0 looks and takes nothing, whichever verb', async () => {
    const { bucket, asked } = createBucket('minute');
    for (const [, , call] of verbs) {
      expect(await call(bucket, 'k', 0)).toMatchObject({ allowed: true, remaining: 10 });
    }
    expect(asked.events.map(({ cost }) => Math.abs(cost))).toEqual([0, 0, 0, 0, 0]);
  });

  test('a cost is 1 unless given, and that of a peek 0', async () => {
    const { bucket, asked } = createBucket('minute');
    await bucket.take('k');
    bucket.takeSync('k');
    await bucket.wait('k');
    await bucket.peek('k');
    expect(asked.events.map(({ cost, commit }) => [cost, commit])).toEqual([
      [1, true],
      [1, true],
      [1, true],
      [0, false],
    ]);
  });
});
