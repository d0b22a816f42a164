/**
 * One call of each package, as the body of an async function; `entry` gives an entry's exports
 * and `assert` is Node's. It runs from ESM, from CommonJS and in Jest, on the packed artefact.
 */
export const uses: Readonly<Record<string, string>> = {
  clock: `
    const clock = entry('./testing').createManualClock(5);
    const slept = clock.sleep(10);
    clock.advance(10);
    await slept;
    assert.equal(clock.now(), 15);
    assert.ok(entry('.').systemClock.now() > 0);
  `,
  'postgres-statement': `
    const { defineStatement, safeInteger } = entry('.');
    const pool = { query: async () => ({ rows: [{ n: '7' }] }) };
    const seven = defineStatement({ name: 'seven', text: 'SELECT 7 AS n' });
    const [row] = await seven.run(pool, { timeoutMs: 60_000 });
    assert.equal(safeInteger(row.n), 7);
  `,
  'redis-script': `
    const { defineScript } = entry('.');
    assert.equal(typeof defineScript({ name: 'one', lua: 'return 1' }).run, 'function');
  `,
  'token-bucket': `
    const { createTokenBucket, memoryBucketStore } = entry('.');
    const refill = { tokens: 1, everyMs: 60_000 };
    const bucket = createTokenBucket({ capacity: 1, refill, store: memoryBucketStore() });
    assert.equal((await bucket.take('a')).allowed, true);
    assert.equal(bucket.takeSync('a').allowed, false);
  `,
  'fenced-lock': `
    const { createFencedLock, memoryLeaseStore } = entry('.');
    const lock = createFencedLock({ store: memoryLeaseStore() });
    const lease = await lock.acquire('a');
    assert.equal(await lock.tryAcquire('a'), null);
    assert.equal(await lease.release(), 'released');
    assert.ok((await lock.run('a', (next) => next.fence)) > lease.fence);
  `,
  'call-context': `
    const context = entry('.').createCallContext();
    assert.equal(context.supported, true);
    const later = context.run('a', async () => {
      await null;
      return context.current();
    });
    assert.equal(await later, 'a');
    assert.equal(context.current(), undefined);
  `,
  'retry-budget': `
    const { createRetrier, createRetryBudget, retryInfo } = entry('.');
    const budget = createRetryBudget({ reserve: 2 });
    const retrier = createRetrier({ budget, backoff: () => 0 });
    let calls = 0;
    const work = () => {
      calls += 1;
      if (calls === 1) throw new Error('out');
      return 'done';
    };
    assert.equal(await retrier.run(work), 'done');
    const error = new Error('still out');
    const thrown = await retrier.run(() => Promise.reject(error)).catch((reason) => reason);
    assert.ok(thrown === error);
    assert.equal(retryInfo(error).budgetExhausted, true);
    assert.equal(typeof entry('./fetch').createRetryFetch, 'function');
    assert.equal(typeof entry('./simulate').simulate, 'function');
    const { toRecoverWithin } = entry('./testing').matchers;
    assert.equal(toRecoverWithin({ recoveredAfterMs: 5 }, 10).pass, true);
  `,
  'hash-ring': `
    const { createBoundedRing, createHashRing } = entry('.');
    const ring = createHashRing(['a', 'b', { id: 'c', weight: 0 }], { pins: { vip: 'b' } });
    assert.equal(ring.nodeFor('vip'), 'b');
    assert.deepEqual(ring.nodesFor('user:42', 3).sort(), ['a', 'b']);
    assert.equal(ring.diff(ring.with('d')).byNode.at(-1).id, 'd');
    const held = createBoundedRing(ring).acquire('user:42');
    assert.equal(held.node, ring.nodeFor('user:42'));
    held.release();
    assert.equal(entry('./jump').jumpHash(1n, 100), 55);
    assert.ok(entry('./rendezvous').createRendezvous(['a', 'b']).nodeFor('user:42'));
  `,
};
