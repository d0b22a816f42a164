import { describe, expect, test } from 'vitest';
import { createWorld, isEmpty, outcomeOf, pass, turn } from './lock-fixtures.js';

describe('3. An acquire whose reply was lost and is sent again gets its own lock', () => {
  test('the store is asked again, by the same owner, and answers with the fence it has', async () => {
    const { wire, memory, lock } = createWorld();
    wire.hold();
    const acquiring = lock.acquire('ledger');
    await turn();
    await wire.last('acquire').arrive();
    wire.last('acquire').fail('unknown');
    await turn();
    const [first, second] = wire.calls.map(({ request }) => request.owner);
    expect(second).toBe(first);
    await wire.last('acquire').answer();
    const lease = await acquiring;
    wire.pass();
    expect(await lease.release()).toBe('released');
    const next = await memory.acquire({ key: 'ledger', owner: 'next', holdMs: 1 });
    expect(next).toEqual({ status: 'granted', fence: lease.fence + 1 });
  });

  test('the lease counts from the question that was answered', async () => {
    const { clock, wire, lock } = createWorld();
    wire.hold();
    const acquiring = lock.acquire('ledger');
    await turn();
    clock.advance(1_000);
    wire.last('acquire').fail('unknown');
    await turn();
    clock.advance(1_000);
    await wire.last('acquire').answer();
    expect((await acquiring).remainingMs).toBe(8_908 - 1_000);
  });

  test('it is asked again once: then the caller is told, and what was granted is given back', async () => {
    const { wire, memory, lock } = createWorld();
    wire.hold();
    const acquiring = outcomeOf(lock.acquire('ledger'));
    await turn();
    await wire.last('acquire').arrive();
    wire.last('acquire').fail('unknown');
    await turn();
    wire.pass();
    wire.last('acquire').fail('unknown');
    expect(await acquiring).toMatchObject({
      reason: { code: 'STORE_UNAVAILABLE', effect: 'unknown' },
    });
    await turn();
    expect(wire.count('acquire')).toBe(2);
    const free = await memory.acquire({ key: 'ledger', owner: 'next', holdMs: 1 });
    expect(free.status).toBe('granted');
  });

  test('the first may have been granted, though the second was certainly not sent', async () => {
    const { wire, memory, lock } = createWorld();
    wire.hold();
    const acquiring = outcomeOf(lock.acquire('ledger'));
    await turn();
    await wire.last('acquire').arrive();
    wire.last('acquire').fail('unknown');
    await turn();
    wire.pass();
    wire.last('acquire').fail('none');
    expect(await acquiring).toMatchObject({ reason: { effect: 'unknown' } });
    await turn();
    const free = await memory.acquire({ key: 'ledger', owner: 'next', holdMs: 1 });
    expect(free.status).toBe('granted');
  });

  test('a question that was certainly not answered is not repeated, and nothing is given back', async () => {
    const { clock, wire, memory, lock } = createWorld();
    wire.hold();
    const acquiring = outcomeOf(lock.tryAcquire('ledger'));
    await turn();
    wire.pass();
    wire.last('acquire').fail('none');
    expect(await acquiring).toMatchObject({ reason: { effect: 'none' } });
    await pass(clock, 9_000, 500);
    expect(wire.story).toEqual(['0: acquire ledger']);
    expect(await isEmpty(memory)).toBe(true);
  });
});
