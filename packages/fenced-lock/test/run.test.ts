import { gate } from '@gabion/testkit';
import { describe, expect, test } from 'vitest';
import type { Lease, LeaseLostError } from '../src/index.js';
import { createWorld, isEmpty, outcomeOf, pass, turn } from './lock-fixtures.js';

describe('8. run: the business error untouched, a loss at once', () => {
  test('acquires, calls fn with the lease, passes its value on, and releases', async () => {
    const { memory, lock, witness } = createWorld();
    const value = { total: 42 };
    let given: Lease | undefined;
    const result = await lock.run('ledger', async (lease) => {
      given = lease;
      lease.assertHeld();
      return value;
    });
    expect(result).toBe(value);
    expect(given).toMatchObject({ key: 'ledger', remainingMs: 0 });
    expect(witness.story).toEqual(['0: acquired ledger', '0: released ledger']);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('fn may answer at once, and with nothing', async () => {
    const { lock } = createWorld();
    expect(await lock.run('ledger', () => 'at once')).toBe('at once');
    expect(await lock.run('ledger', () => {})).toBeUndefined();
  });

  test.each([
    ['an error', new Error('no such account')],
    ['undefined', undefined],
    ['null', null],
    ['0', 0],
    ['an empty text', ''],
    ['a LeaseLostError of another lock', { code: 'LEASE_LOST' }],
  ])('what fn rejects with is passed on untouched: %s', async (_, reason) => {
    const { lock, memory } = createWorld();
    const outcome = await outcomeOf(lock.run('ledger', () => Promise.reject(reason)));
    expect(outcome).toEqual({ reason });
    expect((outcome as { reason: unknown }).reason).toBe(reason);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('what fn throws at once is passed on as well', async () => {
    const { lock, memory } = createWorld();
    const reason = new Error('no such account');
    const running = lock.run('ledger', () => {
      throw reason;
    });
    await expect(running).rejects.toBe(reason);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('renews while fn runs, however long', async () => {
    const { clock, wire, lock } = createWorld();
    const done = gate<string>();
    const running = lock.run('ledger', () => done.promise);
    await pass(clock, 90_000, 500);
    done.open('done');
    expect(await running).toBe('done');
    expect(wire.count('renew')).toBe(30);
    await pass(clock, 9_000, 500);
    expect([wire.count('renew'), clock.pending]).toEqual([30, 0]);
  });

  test('waits no longer than waitMs, or until its signal aborts; fn is not called', async () => {
    const { clock, lock, another } = createWorld();
    await another().acquire('ledger', { autoRenew: true });
    const leaving = new AbortController();
    const called: string[] = [];
    const fn = () => void called.push('fn');
    const late = outcomeOf(lock.run('ledger', fn, { waitMs: 100 }));
    const gone = outcomeOf(lock.run('ledger', fn, { signal: leaving.signal }));
    await pass(clock, 100);
    leaving.abort('gone');
    expect(await late).toMatchObject({ reason: { code: 'LOCK_TIMEOUT', waitMs: 100 } });
    expect(await gone).toEqual({ reason: 'gone' });
    expect(called).toEqual([]);
  });

  test('the signal of a run that has the lock ends nothing any more', async () => {
    const { lock } = createWorld();
    const leaving = new AbortController();
    const running = lock.run(
      'ledger',
      async ({ signal }) => {
        leaving.abort();
        await turn();
        return signal.aborted;
      },
      { signal: leaving.signal },
    );
    expect(await running).toBe(false);
  });

  test('a floor is passed on', async () => {
    const { lock } = createWorld();
    const floor = 2 ** 52;
    expect(await lock.run('ledger', ({ fence }) => fence, { floor })).toBe(floor + 1);
  });
});

describe('8. A run that loses its lease', () => {
  test('rejects promptly without awaiting fn, whose signal is aborted', async () => {
    const { clock, wire, lock, witness } = createWorld();
    let signal: AbortSignal | undefined;
    const running = outcomeOf(
      lock.run('ledger', (lease) => {
        signal = lease.signal;
        return new Promise(() => {});
      }),
    );
    await turn();
    wire.hold();
    await pass(clock, 9_000, 500);
    const { reason } = (await running) as { reason: LeaseLostError };
    expect(reason).toMatchObject({ code: 'LEASE_LOST', reason: 'deadline' });
    expect(signal?.reason).toBe(reason);
    expect(witness.story.at(-1)).toBe('9000: lost ledger (deadline)');
  });

  test('and whose fn rejects later, is no unhandled rejection', async () => {
    const { clock, wire, lock } = createWorld();
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const work = gate();
    const running = outcomeOf(lock.run('ledger', () => work.promise.then(() => Promise.reject(1))));
    await turn();
    wire.hold();
    await pass(clock, 9_000, 500);
    await running;
    work.open();
    await turn();
    await turn();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('does not pass on a value that fn made after the end, though nobody has noticed', async () => {
    const { clock, lock } = createWorld();
    const running = lock.run('ledger', () => {
      clock.setWall(clock.wallNow() + 60_000);
      return 'written too late';
    });
    await expect(running).rejects.toMatchObject({ code: 'LEASE_LOST', reason: 'deadline' });
  });

  test('passes on what fn rejects with, though the lease has ended meanwhile', async () => {
    const { clock, lock } = createWorld();
    const reason = new Error('no such account');
    const running = lock.run('ledger', () => {
      clock.setWall(clock.wallNow() + 60_000);
      throw reason;
    });
    await expect(running).rejects.toBe(reason);
  });

  test('does not release it: fn may still run', async () => {
    const { clock, wire, lock } = createWorld();
    const running = outcomeOf(lock.run('ledger', () => new Promise(() => {})));
    await turn();
    wire.hold();
    await pass(clock, 9_000, 500);
    await running;
    expect(wire.count('release')).toBe(0);
  });
});

describe('8. A run whose release is unclean', () => {
  test('passes the value on, and tells the observer', async () => {
    const { wire, lock, witness } = createWorld();
    const running = lock.run('ledger', () => {
      wire.hold();
      return 'done';
    });
    await turn();
    wire.last('release').fail('unknown');
    expect(await running).toBe('done');
    expect(witness.story).toEqual(['0: acquired ledger', '0: releaseFailed ledger']);
    expect(witness.events[1]).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } });
  });

  test('passes the error of fn on, and not that of the release', async () => {
    const { wire, lock } = createWorld();
    const reason = new Error('no such account');
    const running = outcomeOf(
      lock.run('ledger', () => {
        wire.hold();
        throw reason;
      }),
    );
    await turn();
    wire.last('release').fail('unknown');
    expect(await running).toEqual({ reason });
  });

  test('fn may release it itself, earlier', async () => {
    const { wire, lock, witness } = createWorld();
    const running = lock.run('ledger', async (lease) => {
      await lease.release();
      return 'done';
    });
    expect(await running).toBe('done');
    expect(wire.count('release')).toBe(1);
    expect(witness.story).toEqual(['0: acquired ledger', '0: released ledger']);
  });
});
