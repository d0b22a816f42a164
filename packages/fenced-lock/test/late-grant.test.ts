import { describe, expect, test } from 'vitest';
import { createWorld, isEmpty, outcomeOf, pass, turn } from './lock-fixtures.js';

describe('4. A late grant is not held, and what nobody waits for is given back', () => {
  test('a grant whose time was used up on its way is asked for again', async () => {
    const { clock, wire, lock } = createWorld();
    wire.hold();
    const acquiring = lock.acquire('ledger');
    await turn();
    await wire.last('acquire').arrive();
    clock.advance(8_908);
    wire.pass();
    await wire.last('acquire').answer();
    const lease = await acquiring;
    expect(wire.count('acquire')).toBe(2);
    expect(lease.remainingMs).toBe(8_908);
  });

  test('a grant that comes with a millisecond left is held for that', async () => {
    const { clock, wire, lock } = createWorld();
    wire.hold();
    const acquiring = lock.acquire('ledger');
    await turn();
    clock.advance(8_907);
    await wire.last('acquire').answer();
    expect((await acquiring).remainingMs).toBe(1);
  });

  test('tryAcquire gives a late grant back, and resolves with null', async () => {
    const { clock, wire, memory, lock, witness } = createWorld();
    wire.hold();
    const trying = lock.tryAcquire('ledger');
    await turn();
    clock.advance(8_908);
    wire.pass();
    await wire.last('acquire').answer();
    expect(await trying).toBeNull();
    await turn();
    expect(wire.story).toEqual(['0: acquire ledger', '8908: release ledger']);
    expect(await isEmpty(memory)).toBe(true);
    expect(witness.story).toEqual([]);
  });

  test('a caller who gives up does so at once, and what is granted later is given back', async () => {
    const { wire, memory, lock } = createWorld();
    wire.hold();
    const leaving = new AbortController();
    const acquiring = outcomeOf(lock.acquire('ledger', { signal: leaving.signal }));
    const reason = { why: 'the client has gone' };
    leaving.abort(reason);
    expect(await acquiring).toEqual({ reason });
    wire.pass();
    await wire.last('acquire').answer();
    await turn();
    expect(wire.story.slice(0, 2)).toEqual(['0: acquire ledger', '0: release ledger']);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('so it is with a caller whose time is up', async () => {
    const { clock, wire, memory, lock } = createWorld();
    wire.hold();
    const acquiring = outcomeOf(lock.acquire('ledger', { waitMs: 500 }));
    await turn();
    clock.advance(500);
    expect(await acquiring).toMatchObject({ reason: { code: 'LOCK_TIMEOUT' } });
    wire.pass();
    await wire.last('acquire').answer();
    await turn();
    expect(await isEmpty(memory)).toBe(true);
  });

  test('giving back is tried again while the lease could last, and no longer', async () => {
    const { clock, wire, lock } = createWorld();
    wire.hold();
    const leaving = new AbortController();
    const acquiring = outcomeOf(lock.acquire('ledger', { signal: leaving.signal }));
    leaving.abort();
    await acquiring;
    await wire.last('acquire').answer();
    for (let ms = 0; ms < 18_000; ms += 250) {
      await turn();
      if (wire.count('release') > 0) wire.last('release').fail('unknown');
      await pass(clock, 250);
    }
    const releases = wire.story.filter((call) => call.includes('release'));
    expect(releases.map((call) => Number(call.split(':')[0]))).toEqual([0, 2_250, 4_500, 6_750]);
    expect(clock.pending).toBe(0);
  });

  test('a request that was lost on its way and arrives late is given back too', async () => {
    const { clock, wire, memory, lock } = createWorld();
    wire.hold();
    const acquiring = outcomeOf(lock.acquire('ledger'));
    await turn();
    const lost = wire.last('acquire');
    lost.fail('unknown');
    await turn();
    wire.last('acquire').fail('unknown');
    wire.pass();
    expect(await acquiring).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE' } });
    await turn();
    // The first give-back has found nothing yet.
    await lost.arrive();
    expect(await isEmpty(memory)).toBe(false);
    await pass(clock, 2_250);
    expect(await isEmpty(memory)).toBe(true);
  });

  test('the next caller of the process need not wait until it is given back', async () => {
    const { wire, lock } = createWorld();
    wire.hold();
    const leaving = new AbortController();
    const acquiring = outcomeOf(lock.acquire('ledger', { signal: leaving.signal }));
    await turn();
    const abandoned = wire.last('acquire');
    const next = lock.acquire('ledger');
    leaving.abort();
    await acquiring;
    await turn();
    wire.pass();
    await abandoned.answer();
    await turn();
    await wire.last('acquire').answer();
    expect((await next).key).toBe('ledger');
  });
});
