import { describe, expect, test } from 'vitest';
import type { EvictionRisk, FencedLockObserver, LeaseStore } from '../src/index.js';
import { createWitness, createWorld, leaseMs, pass, startMs, turn } from './lock-fixtures.js';

const names = [
  'acquired',
  'renewed',
  'renewalFailed',
  'lost',
  'released',
  'releaseFailed',
  'evictionRiskFound',
] as const satisfies readonly (keyof FencedLockObserver)[];

/** A lease in whose life everything happens that can, one way or the other. */
async function live({ clock, wire, lock }: ReturnType<typeof createWorld>) {
  const first = await lock.acquire('ledger');
  const behind = lock.acquire('ledger', { autoRenew: true });
  await turn();
  clock.advance(1_000);
  await first.release();
  const second = await behind;
  void second.signal;
  await pass(clock, 3_000);
  wire.hold();
  await pass(clock, 3_000);
  wire.last('renew').fail('unknown');
  await pass(clock, leaseMs, 50);
  wire.pass();
  const third = await lock.acquire('ledger');
  wire.hold();
  const releasing = third.release();
  wire.last('release').fail('unknown');
  await releasing;
  return [first.fence, second.fence, third.fence];
}

describe('an observer', () => {
  test('is told of each thing that happens, in the past tense, with name, key, fence and time', async () => {
    const world = createWorld({ name: 'nightly' });
    const [first, second, third] = await live(world);
    const event = (
      what: string,
      fence: number | undefined,
      afterMs: number,
      more: object = {},
    ) => ({
      what,
      name: 'nightly',
      key: 'ledger',
      fence,
      atMs: startMs + afterMs,
      ...more,
    });
    const error = expect.objectContaining({ code: 'STORE_UNAVAILABLE', effect: 'unknown' });
    expect(world.witness.events).toEqual([
      event('acquired', first, 0, { waitedMs: 0 }),
      event('released', first, 1_000),
      event('acquired', second, 1_000, { waitedMs: 1_000 }),
      event('renewed', second, 4_000),
      event('renewalFailed', second, 7_000, { error }),
      event('lost', second, 12_950, { reason: 'deadline' }),
      event('acquired', third, 16_000, { waitedMs: 0 }),
      event('releaseFailed', third, 16_000, { error }),
    ]);
  });

  test('that throws, or whose promises reject, breaks nothing', async () => {
    const quiet = await live(createWorld());
    for (const mistake of [
      () => {
        throw new Error('observer');
      },
      () => Promise.reject(new Error('observer')),
    ]) {
      const observer: FencedLockObserver = Object.fromEntries(names.map((name) => [name, mistake]));
      expect(await live(createWorld({ observer }))).toEqual(quiet);
    }
  });

  test('may have any of the callbacks, and is the "this" of each', async () => {
    const told: unknown[] = [];
    const observer: FencedLockObserver & { readonly mark: string } = {
      mark: 'mine',
      acquired() {
        told.push(this.mark);
      },
    };
    const { lock } = createWorld({ observer });
    await (await lock.acquire('ledger')).release();
    expect(told).toEqual(['mine']);
  });

  test('may release the lease that it is told of, or ask for another', async () => {
    const { lock, witness } = createWorld({}, { maxKeys: 2 });
    const { acquired } = witness.observer;
    witness.observer.acquired = (event) => {
      acquired?.(event);
      if (event.key === 'ledger') lock.tryAcquire('other');
    };
    await lock.acquire('ledger');
    await turn();
    expect(witness.story).toEqual(['0: acquired ledger', '0: acquired other']);
  });
});

describe('an observer of eviction risks', () => {
  const risk: EvictionRisk = { policy: 'allkeys-lru', maxMemoryBytes: 1_000 };

  /** A lock on a store that answers so, question by question, when it is asked for risks. */
  function createRisky(answers: (() => Promise<EvictionRisk | undefined>)[]) {
    const world = createWorld();
    let looked = 0;
    const store: LeaseStore = {
      ...world.memory,
      findEvictionRisk: () => (answers[looked++] ?? (async () => risk))(),
    };
    const witness = createWitness(world.clock);
    const lock = world.another({ store, observer: witness.observer });
    return { lock, witness, looked: () => looked, store, another: world.another };
  }

  test('is told at first use, once, and behind it', async () => {
    const { lock, witness, looked } = createRisky([]);
    await turn();
    expect(looked()).toBe(0);
    for (let use = 0; use < 3; use += 1) await (await lock.acquire('ledger')).release();
    expect(looked()).toBe(1);
    const { events } = witness;
    expect(events).toContainEqual({
      what: 'evictionRiskFound',
      name: 'fenced-lock',
      atMs: startMs,
      ...risk,
    });
    expect(witness.story.filter((event) => event.includes('evictionRiskFound'))).toHaveLength(1);
  });

  test('is told nothing where there is none', async () => {
    const { lock, witness, looked } = createRisky([async () => undefined]);
    await lock.tryAcquire('ledger');
    await turn();
    expect([looked(), witness.story]).toEqual([1, ['0: acquired ledger']]);
  });

  test('is told at a later use when the store could not say at the first', async () => {
    const { lock, witness, looked } = createRisky([() => Promise.reject(new Error('no answer'))]);
    for (let use = 0; use < 3; use += 1) {
      await lock.run('ledger', turn);
    }
    expect(looked()).toBe(2);
    expect(witness.story.filter((event) => event.includes('evictionRiskFound'))).toHaveLength(1);
  });

  test('costs nothing where nobody listens for it', async () => {
    const { looked, store, another } = createRisky([]);
    await another({ store, observer: { acquired() {} } }).acquire('ledger');
    expect(looked()).toBe(0);
  });
});
