import { createManualClock } from '@gabion/clock/testing';
import { describe, expect, test } from 'vitest';
import {
  createTokenBucket,
  type MemoryBucketStoreOptions,
  memoryBucketStore,
  type TokenBucketOptions,
} from '../src/index.js';
import { recording } from './shell-fixtures.js';

const refill = { tokens: 1, everyMs: 1_000 };
const limit = { name: 'minute', capacity: 10, refill };
const called = (name: unknown) => ({ limits: [limit, { ...limit, name }] });
const seventeen = Array.from({ length: 17 }, (_, i) => ({ ...limit, name: `limit ${i}` }));
const good = { capacity: 10, refill };

type Case = [what: string, options: unknown, error: string];
const wholeOf1 = 'must be an integer of at least 1, got';

const badLimits: Case[] = [
  ['no options', undefined, 'TypeError: options must be an object, got undefined'],
  ['a capacity of 0', { ...good, capacity: 0 }, `RangeError: capacity ${wholeOf1} 0`],
  ['half a token', { ...good, capacity: 1.5 }, `RangeError: capacity ${wholeOf1} 1.5`],
  ['a capacity in text', { ...good, capacity: '9' }, `TypeError: capacity ${wholeOf1} "9"`],
  ['no capacity', { refill }, `TypeError: capacity ${wholeOf1} undefined`],
  ['no refill', { capacity: 1 }, 'TypeError: refill must be { tokens, everyMs }, got undefined'],
  [
    'a refill of no tokens',
    { capacity: 1, refill: { tokens: 0, everyMs: 1 } },
    `RangeError: refill.tokens ${wholeOf1} 0`,
  ],
  [
    'a refill without end',
    { capacity: 1, refill: { tokens: 1, everyMs: Infinity } },
    `RangeError: refill.everyMs ${wholeOf1} Infinity`,
  ],
  ['limits that are none', { limits: limit }, 'TypeError: limits must be an array, got an object'],
  [
    'an empty list of limits',
    { limits: [] },
    'RangeError: limits.length must be an integer from 1 to 16, got 0',
  ],
  [
    'seventeen limits',
    { limits: seventeen },
    'RangeError: limits.length must be an integer from 1 to 16, got 17',
  ],
  [
    'limits beside a capacity',
    { limits: [limit], capacity: 1 },
    'TypeError: give either limits or capacity and refill, not both',
  ],
  [
    'limits beside a refill',
    { limits: [limit], refill },
    'TypeError: give either limits or capacity and refill, not both',
  ],
  [
    'two limits of one name',
    called('minute'),
    'RangeError: limits must have different names, got "minute" twice',
  ],
  [
    'a limit without a name',
    called(undefined),
    'TypeError: limits[1].name must be a string, got undefined',
  ],
  [
    'a limit that is none',
    { limits: [limit, null] },
    'TypeError: limits[1].name must be a string, got undefined',
  ],
  [
    'a name that no header can carry',
    called('täglich'),
    'RangeError: limits[1].name must be printable ASCII, got "täglich"',
  ],
  [
    'a bad capacity among several',
    { limits: [limit, { name: 'day', capacity: -1, refill }] },
    `RangeError: limits[1].capacity ${wholeOf1} -1`,
  ],
];

const timerMs = 'must be a number from 1 to 2147483647, got';

const badOptions: Case[] = [
  ['an empty name', { name: '' }, 'RangeError: name must have 1 to 64 characters, got ""'],
  [
    'a name of two lines',
    { name: 'a\nb' },
    'RangeError: name must be printable ASCII, got "a\\nb"',
  ],
  [
    'a name of 65',
    { name: 'x'.repeat(65) },
    `RangeError: name must have 1 to 64 characters, got "${'x'.repeat(40)}…"`,
  ],
  [
    'a store without take',
    { store: {} },
    'TypeError: store must have a take method, got an object',
  ],
  ['a deadline of 0', { deadlineMs: 0 }, `RangeError: deadlineMs ${timerMs} 0`],
  ['a deadline in text', { deadlineMs: '100' }, `TypeError: deadlineMs ${timerMs} "100"`],
  [
    'a deadline longer than a timer',
    { deadlineMs: 2 ** 31 },
    `RangeError: deadlineMs ${timerMs} 2147483648`,
  ],
  ['a probe without pause', { probeEveryMs: 0 }, `RangeError: probeEveryMs ${timerMs} 0`],
  [
    'a negative bound',
    { maxWaiters: -1 },
    'RangeError: maxWaiters must be an integer of at least 0, got -1',
  ],
  [
    'an unknown policy',
    { onStoreError: 'ignore' },
    'RangeError: onStoreError must be "throw", "allow" or "deny", got "ignore"',
  ],
  [
    'a share of nothing',
    { onStoreError: { local: 0 } },
    'RangeError: onStoreError.local must be a number from 0.000001 to 1, got 0',
  ],
  [
    'a share above the whole',
    { onStoreError: { local: 1.5 } },
    'RangeError: onStoreError.local must be a number from 0.000001 to 1, got 1.5',
  ],
  [
    'no share',
    { onStoreError: {} },
    'TypeError: onStoreError.local must be a number from 0.000001 to 1, got undefined',
  ],
];

/** The same message, with the function in its place. */
function by(fn: string, error: string): string {
  return error.replace('Error: ', `Error: ${fn}: `);
}

function thrownBy(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}

describe('4. Bad input is refused before the store is asked', () => {
  test.each(badLimits)(
    'createTokenBucket names itself, the option and its value: %s',
    (_, options, error) => {
      const create = () => createTokenBucket(options as TokenBucketOptions);
      expect(thrownBy(create)).toBe(by('createTokenBucket', error));
    },
  );

  test.each(badOptions)(
    'createTokenBucket names itself, the option and its value: %s',
    (_, options, error) => {
      const clock = createManualClock();
      const { store, asked } = recording(memoryBucketStore({ clock }), clock);
      const given = { ...good, store, clock, ...(options as object) } as TokenBucketOptions;
      expect(thrownBy(() => createTokenBucket(given))).toBe(by('createTokenBucket', error));
      expect(asked.events).toEqual([]);
    },
  );

  test.each([
    [0, 'RangeError: maxKeys must be an integer of at least 1, got 0'],
    [1.5, 'RangeError: maxKeys must be an integer of at least 1, got 1.5'],
    ['9', 'TypeError: maxKeys must be an integer of at least 1, got "9"'],
  ])('memoryBucketStore names itself and the maxKeys %o', (maxKeys, error) => {
    const options = { maxKeys } as MemoryBucketStoreOptions;
    expect(thrownBy(() => memoryBucketStore(options))).toBe(by('memoryBucketStore', error));
  });

  test('sixteen limits and a name of 64 printable characters are good', async () => {
    const name = 'a "quoted", {braced} and %41-escaped name'.padEnd(64, '~');
    const bucket = createTokenBucket({ name, limits: seventeen.slice(1) });
    expect((await bucket.take('k')).limits).toHaveLength(16);
    expect(bucket.name).toBe(name);
  });

  test('what is left out, or undefined, is the default', async () => {
    const bucket = createTokenBucket({ ...good, name: undefined, limits: undefined });
    expect(bucket.name).toBe('token-bucket');
    expect(await bucket.take('k')).toMatchObject({ policy: 'token-bucket', remaining: 9 });
  });
});

describe('1. Exact', () => {
  test.each([
    ['units', 2 ** 40, { tokens: 1_000_003, everyMs: 86_400_000 }],
    ['window', 1_000_000_000, { tokens: 1, everyMs: 1_000_000 }],
  ])(
    'a limit whose %s a double cannot count exactly is refused at construction',
    (_, capacity, refill) => {
      const error =
        `RangeError: createTokenBucket: capacity ${capacity} with a refill of ${refill.tokens} ` +
        `every ${refill.everyMs} ms cannot be counted exactly in integers up to 2^53 - 1`;
      expect(thrownBy(() => createTokenBucket({ capacity, refill }))).toBe(error);
    },
  );
});
