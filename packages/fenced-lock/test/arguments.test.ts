import { describe, expect, test } from 'vitest';
import {
  type AcquireOptions,
  createFencedLock,
  type FencedLock,
  type FencedLockOptions,
  type MemoryLeaseStoreOptions,
  memoryLeaseStore,
} from '../src/index.js';
import { createWorld, outcomeOf } from './lock-fixtures.js';

const long = 'k'.repeat(1_025);

const badKeys: [key: unknown, error: string][] = [
  ['', 'RangeError: key must have 1 to 1024 characters, got ""'],
  [long, `RangeError: key must have 1 to 1024 characters, got "${'k'.repeat(40)}…"`],
  [
    'half a pair: \ud800',
    'RangeError: key must be well-formed Unicode, got "half a pair: \\ud800"',
  ],
  [5, 'TypeError: key must be a string, got 5'],
  [null, 'TypeError: key must be a string, got null'],
  [undefined, 'TypeError: key must be a string, got undefined'],
  [{}, 'TypeError: key must be a string, got an object'],
];

const badOptions: [options: object, error: string][] = [
  [{ waitMs: -1 }, 'RangeError: waitMs must be a number of at least 0, got -1'],
  [{ waitMs: Number.NaN }, 'RangeError: waitMs must be a number of at least 0, got NaN'],
  [{ waitMs: '5' }, 'TypeError: waitMs must be a number of at least 0, got "5"'],
  [{ waitMs: null }, 'TypeError: waitMs must be a number of at least 0, got null'],
  [{ floor: -1 }, 'RangeError: floor must be an integer of at least 0, got -1'],
  [{ floor: 0.5 }, 'RangeError: floor must be an integer of at least 0, got 0.5'],
  [{ floor: 2 ** 53 }, 'RangeError: floor must be an integer of at least 0, got 9007199254740992'],
  [{ floor: '7' }, 'TypeError: floor must be an integer of at least 0, got "7"'],
];

type Call = (lock: FencedLock, key: string, options?: AcquireOptions) => Promise<unknown>;

const verbs: [verb: string, call: Call][] = [
  ['acquire', (lock, key, options) => lock.acquire(key, options)],
  ['tryAcquire', (lock, key, options) => lock.tryAcquire(key, options)],
  ['run', (lock, key, options) => lock.run(key, () => 'ran', options)],
];

/** The same message, with the function in its place. */
function by(fn: string, error: string): string {
  return error.replace('Error: ', `Error: ${fn}: `);
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
  return String(((await outcomeOf(call)) as { reason?: unknown }).reason);
}

describe.each(verbs)('%s', (verb, call) => {
  test.each(badKeys)(
    'refuses the key %o, naming itself, before the store is asked',
    async (key, error) => {
      const { wire, lock } = createWorld();
      expect(await reasonOf(call(lock, key as string))).toBe(by(verb, error));
      expect(wire.story).toEqual([]);
    },
  );

  test.each(badOptions)(
    'refuses the options %o, naming itself, before the store is asked',
    async (options, error) => {
      const { wire, lock } = createWorld();
      expect(await reasonOf(call(lock, 'ledger', options as AcquireOptions))).toBe(by(verb, error));
      expect(wire.story).toEqual([]);
    },
  );

  test('takes options that are undefined as absent', async () => {
    const { lock } = createWorld();
    const options = {
      waitMs: undefined,
      signal: undefined,
      autoRenew: undefined,
      floor: undefined,
    };
    expect(await call(lock, 'ledger', options)).toBeTruthy();
  });

  test('takes the longest key and any text in it', async () => {
    for (const key of ['k'.repeat(1_024), ' ', '\u0000', '__proto__', 'a{b}c:d', '🔥']) {
      const { wire, lock } = createWorld();
      expect(await call(lock, key)).toBeTruthy();
      expect(wire.last('acquire').request.key).toBe(key);
    }
  });
});

test('run refuses what is no function, before the store is asked', async () => {
  const { wire, lock } = createWorld();
  const fn = 'ledger' as unknown as () => void;
  expect(await reasonOf(lock.run('ledger', fn))).toBe(
    'TypeError: run: fn must be a function, got "ledger"',
  );
  expect(wire.story).toEqual([]);
});

const day = 'must be an integer from 10 to 86400000, got';
const delay = 'must be an integer from 0 to 86400000, got';

test.each<[options: object, error: string]>([
  [{ leaseMs: 9 }, `RangeError: leaseMs ${day} 9`],
  [{ leaseMs: 86_400_001 }, `RangeError: leaseMs ${day} 86400001`],
  [{ leaseMs: 10.5 }, `RangeError: leaseMs ${day} 10.5`],
  [{ leaseMs: '10' }, `TypeError: leaseMs ${day} "10"`],
  [{ lockDelayMs: -1 }, `RangeError: lockDelayMs ${delay} -1`],
  [{ lockDelayMs: 86_400_001 }, `RangeError: lockDelayMs ${delay} 86400001`],
  [{ lockDelayMs: null }, `TypeError: lockDelayMs ${delay} null`],
  [{ maxWaiters: -1 }, 'RangeError: maxWaiters must be an integer of at least 0, got -1'],
  [{ maxWaiters: 1.5 }, 'RangeError: maxWaiters must be an integer of at least 0, got 1.5'],
  [{ maxWaiters: '9' }, 'TypeError: maxWaiters must be an integer of at least 0, got "9"'],
  [{ name: '' }, 'RangeError: name must have 1 to 256 characters, got ""'],
  [{ name: 7 }, 'TypeError: name must be a string, got 7'],
  [{ store: {} }, 'TypeError: store must be a lease store, got an object'],
  [{ store: null }, 'TypeError: store must be a lease store, got null'],
  [{ store: 'redis' }, 'TypeError: store must be a lease store, got "redis"'],
])('createFencedLock refuses %o, naming itself, the option and its value', (options, error) => {
  const create = () => createFencedLock(options as FencedLockOptions);
  expect(create).toThrow(by('createFencedLock', error).replace(/^\w+: /, ''));
  expect(create).toThrow(error.startsWith('Type') ? TypeError : RangeError);
});

test.each([
  [0, 'RangeError: maxKeys must be an integer of at least 1, got 0'],
  [1.5, 'RangeError: maxKeys must be an integer of at least 1, got 1.5'],
  ['9', 'TypeError: maxKeys must be an integer of at least 1, got "9"'],
])('memoryLeaseStore names itself and the maxKeys %o', (maxKeys, error) => {
  const create = () => memoryLeaseStore({ maxKeys } as MemoryLeaseStoreOptions);
  expect(create).toThrow(by('memoryLeaseStore', error).replace(/^\w+: /, ''));
});
