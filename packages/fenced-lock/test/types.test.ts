import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type AcquireOptions,
  createFencedLock,
  type FencedLockObserver,
  type Lease,
  type LeaseLostReason,
  type LeaseStore,
  memoryLeaseStore,
} from '../src/index.js';

const lock = createFencedLock();

describe('the types', () => {
  test('acquire gives a lease; tryAcquire gives one or null, and takes no waitMs', async () => {
    expectTypeOf(lock.acquire).returns.resolves.toEqualTypeOf<Lease>();
    expectTypeOf(lock.tryAcquire).returns.resolves.toEqualTypeOf<Lease | null>();
    expectTypeOf<Parameters<typeof lock.tryAcquire>[1]>().not.toEqualTypeOf<
      AcquireOptions | undefined
    >();
    // @ts-expect-error: it never waits.
    const lease = await lock.tryAcquire('ledger', { waitMs: 5 });
    expect(lease).not.toBeNull();
  });

  test('run gives what fn gives, promised or not, and renews without being asked', async () => {
    expectTypeOf(lock.run('a', () => 7)).resolves.toEqualTypeOf<number>();
    expectTypeOf(lock.run('b', async () => 'text')).resolves.toEqualTypeOf<string>();
    expectTypeOf(lock.run('c', () => {})).resolves.toEqualTypeOf<void>();
    // @ts-expect-error: there is no choice.
    expect(await lock.run('d', ({ key }) => key, { autoRenew: false })).toBe('d');
  });

  test('a release has three endings, and a loss four reasons', () => {
    expectTypeOf<Lease['release']>().returns.resolves.toEqualTypeOf<
      'released' | 'not-held' | 'unknown'
    >();
    expectTypeOf<LeaseLostReason>().toEqualTypeOf<'deadline' | 'stolen' | 'missing' | 'released'>();
  });

  test('a lease is disposable, its figures cannot be changed, and its signal is one', () => {
    expectTypeOf<Lease>().toExtend<AsyncDisposable>();
    expectTypeOf<Lease['fence']>().toEqualTypeOf<number>();
    expectTypeOf<Lease['signal']>().toEqualTypeOf<AbortSignal>();
    // @ts-expect-error: it is read-only.
    const change = (lease: Lease) => (lease.fence = 7);
    expect(change).toBeTypeOf('function');
  });

  test('an observer may leave out any of its callbacks', () => {
    expectTypeOf<Record<never, never>>().toExtend<FencedLockObserver>();
    expectTypeOf<keyof FencedLockObserver>().toEqualTypeOf<
      | 'acquired'
      | 'renewed'
      | 'renewalFailed'
      | 'lost'
      | 'released'
      | 'releaseFailed'
      | 'evictionRiskFound'
    >();
  });

  test('a memory store is a lease store like any', () => {
    expectTypeOf(memoryLeaseStore).returns.toEqualTypeOf<LeaseStore>();
  });
});
