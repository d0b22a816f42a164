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
};
