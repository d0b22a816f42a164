import { gate } from '@gabion/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { memoryLeaseStore } from '../src/index.js';
import { createWorld, outcomeOf, pass, turn } from './lock-fixtures.js';

const code = 'REENTRANT_CALL';

describe('7. Re-entering your own lock is detected and thrown, not deadlocked', () => {
  test('by acquire and by run, and the error says what would have happened', async () => {
    const { wire, lock } = createWorld();
    await lock.run('ledger', async () => {
      await expect(lock.acquire('ledger')).rejects.toMatchObject({
        code,
        name: 'ReentrantCallError',
        message:
          'acquire: key "ledger" is held by the caller itself, which would wait for its own end',
      });
      await expect(lock.run('ledger', () => 1)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(/^run: key "ledger" is held by the caller itself/),
      });
      await expect(lock.acquire('ledger', { waitMs: 0 })).rejects.toMatchObject({ code });
    });
    expect([wire.count('acquire'), wire.count('release')]).toEqual([1, 1]);
  });

  test('tryAcquire, which would not wait, resolves with null', async () => {
    const { lock } = createWorld();
    expect(await lock.run('ledger', () => lock.tryAcquire('ledger'))).toBeNull();
  });

  test('through awaits, timers and functions in between', async () => {
    const { lock } = createWorld();
    const deep = async () => {
      await turn();
      await new Promise((resolve) => setTimeout(resolve, 0));
      return outcomeOf(lock.acquire('ledger'));
    };
    expect(await lock.run('ledger', deep)).toMatchObject({ reason: { code } });
  });

  test('in nested runs, of whichever of the keys that are held', async () => {
    const { lock } = createWorld({}, { maxKeys: 3 });
    const story: string[] = [];
    const attempt = async (key: string) => {
      const outcome = await outcomeOf(lock.run(key, () => 'ran'));
      story.push(`${key}: ${JSON.stringify(outcome)}`);
    };
    await lock.run('outer', () =>
      lock.run('inner', async () => {
        for (const key of ['outer', 'inner', 'other']) await attempt(key);
      }),
    );
    await lock.run('outer', async () => {
      await attempt('inner');
    });
    expect(story).toEqual([
      `outer: {"reason":{"code":"${code}","name":"ReentrantCallError"}}`,
      `inner: {"reason":{"code":"${code}","name":"ReentrantCallError"}}`,
      'other: {"value":"ran"}',
      'inner: {"value":"ran"}',
    ]);
  });

  test('by another lock on the same store, and not by one on another store', async () => {
    const { clock, lock, wire, another } = createWorld();
    const twin = another({ store: wire.store });
    const stranger = another({ store: memoryLeaseStore({ clock }) });
    await lock.run('ledger', async () => {
      await expect(twin.acquire('ledger')).rejects.toMatchObject({ code });
      expect(await stranger.run('ledger', () => 'ran')).toBe('ran');
    });
  });

  test('another caller of the process is not taken for the holder', async () => {
    const { lock } = createWorld();
    const done = gate();
    const running = lock.run('ledger', () => done.promise);
    const waiting = lock.run('ledger', () => 'served in turn');
    await turn();
    done.open();
    await running;
    expect(await waiting).toBe('served in turn');
  });

  test('work that goes on after its run has ended may acquire like anyone', async () => {
    const { lock } = createWorld();
    const ended = gate();
    let detached: Promise<unknown> = Promise.resolve();
    await lock.run('ledger', () => {
      detached = ended.promise.then(() => lock.run('ledger', () => 'ran later'));
    });
    ended.open();
    expect(await detached).toBe('ran later');
  });

  test('who has released early, or lost the lock, may acquire it again', async () => {
    const { clock, lock } = createWorld();
    const after = gate<unknown>();
    await lock.run('ledger', async (lease) => {
      await lease.release();
      expect(await lock.run('ledger', () => 'again')).toBe('again');
    });
    const lost = outcomeOf(
      lock.run('ledger', async (lease) => {
        clock.advance(9_000);
        expect(lease.remainingMs).toBe(0);
        after.open(await outcomeOf(lock.run('ledger', () => 'again')));
      }),
    );
    expect(await after.promise).toEqual({ value: 'again' });
    expect(await lost).toMatchObject({ reason: { code: 'LEASE_LOST' } });
  });

  test('a lease that was acquired by hand is not of any caller', async () => {
    const { lock } = createWorld();
    const lease = await lock.acquire('ledger');
    const waiting = lock.acquire('ledger');
    await turn();
    await lease.release();
    expect((await waiting).fence).toBe(lease.fence + 1);
  });
});

describe('7. Without AsyncLocalStorage', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  test('re-entering is not detected: it waits, as long as it may', async () => {
    vi.resetModules();
    vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
    const { createFencedLock } = await import('../src/index.js');
    vi.unstubAllGlobals();
    const { clock, memory } = createWorld();
    const lock = createFencedLock({ clock, store: memory });
    const outcome = lock.run('ledger', () => outcomeOf(lock.acquire('ledger', { waitMs: 1_000 })));
    await pass(clock, 1_000);
    expect(await outcome).toMatchObject({ reason: { code: 'LOCK_TIMEOUT' } });
  });
});
