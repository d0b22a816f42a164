import { gate, redisForTests } from '@gabion/testkit';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { createDeduper, fingerprint, memoryRecordStore, type RecordStore } from '../src/index.js';
import { redisRecordStore } from '../src/redis.js';

const stores: [string, () => RecordStore][] = [
  ['memory', () => memoryRecordStore()],
  [
    'Redis',
    () => {
      const { redis, prefix, ...connected } = redisForTests(inject('redisUrl'));
      onTestFinished(() => connected[Symbol.asyncDispose]());
      return redisRecordStore(redis, { keyPrefix: prefix.replaceAll(/[{}]/g, '') });
    },
  ],
];

const id = (key: string) => ({ scope: 's', operation: 'op', key });
const fail = (message: string) => () => {
  throw new Error(message);
};

describe.each(stores)('on %s', (_, open) => {
  const create = () =>
    createDeduper({ store: open(), isFinal: (error) => (error as Error).message === 'final' });

  test('of concurrent calls one runs, and the others get what it returned', async () => {
    const deduper = create();
    let runs = 0;
    const run = async () => {
      runs += 1;
      return { runs, text: 'a b\nc' };
    };
    const calls = Array.from({ length: 5 }, () => deduper.once(id('k'), run, { waitMs: 20_000 }));
    const results = await Promise.all(calls);
    expect(results.map(({ status }) => status).sort()).toEqual([
      'ran',
      ...Array(4).fill('replayed'),
    ]);
    expect(results.map((result) => 'value' in result && result.value)).toEqual(
      Array(5).fill({ runs: 1, text: 'a b\nc' }),
    );
  });

  test('a mismatch beats in flight', async () => {
    const deduper = create();
    const going = gate();
    const first = { ...id('k'), fingerprint: await fingerprint({ a: 1 }) };
    const running = deduper.once(first, () => going.promise);
    while ((await deduper.inspect(first)) === undefined);
    expect(await deduper.once(first, () => 1)).toMatchObject({ status: 'in-flight' });
    const other = { ...id('k'), fingerprint: await fingerprint({ a: 2 }) };
    expect(await deduper.once(other, () => 1)).toEqual({ status: 'mismatch' });
    going.open();
    await running;
  });

  test('a throw frees the key, or after effects leaves it unknown until it is resolved', async () => {
    const deduper = create();
    await expect(deduper.once(id('k'), fail('early'))).rejects.toThrow('early');
    expect(await deduper.inspect(id('k'))).toBeUndefined();
    const late = deduper.once(id('k'), (attempt) => {
      attempt.effectsBegan();
      throw new Error('late');
    });
    await expect(late).rejects.toThrow('late');
    expect(await deduper.once(id('k'), () => 1)).toMatchObject({ status: 'unknown' });
    expect(await deduper.resolve(id('k'), { value: 7 })).toBe(true);
    expect(await deduper.once(id('k'), () => 1)).toEqual({ status: 'replayed', value: 7 });
    expect(await deduper.resolve(id('k'), 'not-done')).toBe(false);
  });

  test('a final error is replayed, and what cannot be stored is done without a value', async () => {
    const deduper = create();
    await expect(deduper.once(id('e'), fail('final'))).rejects.toThrow('final');
    expect(await deduper.once(id('e'), () => 1)).toEqual({
      status: 'replayed-error',
      error: { name: 'Error', message: 'final' },
    });
    expect(await deduper.once(id('b'), () => 5n)).toMatchObject({ status: 'ran', recorded: true });
    expect(await deduper.once(id('b'), () => 5n)).toEqual({ status: 'replayed-without-value' });
    expect(await deduper.once(id('u'), () => undefined)).toMatchObject({ recorded: true });
    expect(await deduper.once(id('u'), () => 1)).toEqual({ status: 'replayed', value: undefined });
  });
});
