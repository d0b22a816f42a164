import { createCallContext } from '@gabion/call-context';
import { notify, requireInteger, requireKey, requireNumber, show } from '@gabion/contract';
import { LockTimeoutError, ReentrantCallError } from './errors.js';
import type { GrantedLock, Lease } from './lease.js';
import { createContender } from './shell/contend.js';
import { createLines } from './shell/line.js';
import {
  type AcquireOptions,
  type FencedLockOptions,
  longestKey,
  type Settings,
  settle,
} from './shell/options.js';
import { raceSignal, startPatience } from './shell/patience.js';
import { startSweeping } from './shell/sweep.js';
import type { LeaseStore } from './store.js';

/** A lock with one lease at a time for each key. */
export interface FencedLock {
  /**
   * Waits for the lock of a key: first come, first served within the process, and the processes
   * take turns. Rejects at once, and leaves nothing behind, when its signal aborts.
   *
   * @throws LockTimeoutError when `waitMs` is over; ReentrantCallError from inside a `run` that
   * holds the key; TooManyWaitersError; StoreUnavailableError; TypeError | RangeError for
   * arguments, before anything is asked.
   */
  acquire(key: string, options?: AcquireOptions): Promise<Lease>;
  /** Asks once, and resolves with `null` when the lock is held. */
  tryAcquire(key: string, options?: Omit<AcquireOptions, 'waitMs'>): Promise<Lease | null>;
  /**
   * Acquires the lock, calls `fn`, renews while it runs, and releases. What `fn` resolves or
   * rejects with is passed on untouched; when the lease is lost, `run` rejects with the
   * LeaseLostError without waiting for `fn`, which may still be running.
   *
   * @param options - `signal` ends the wait for the lock; `fn` is handed the lease's own.
   */
  run<T>(
    key: string,
    fn: (lease: Lease) => Promise<T> | T,
    options?: Omit<AcquireOptions, 'autoRenew'>,
  ): Promise<T>;
}

/** What a call inside `run` holds, and what its own caller held. */
interface Held {
  readonly store: LeaseStore;
  readonly lease: Lease;
  readonly outer: Held | undefined;
}

const held = createCallContext<Held>();

/**
 * Creates a lock. Make one per process and store: its callers form one line for each key.
 *
 * @throws TypeError | RangeError for an option that is not what it says.
 * @example
 * ```ts
 * import { createFencedLock } from '@gabion/fenced-lock';
 *
 * const lock = createFencedLock({ leaseMs: 10_000 });
 * await lock.run('ledger', async (lease) => {
 *   lease.assertHeld();
 *   console.log(lease.fence);
 * });
 * ```
 */
export function createFencedLock(options: FencedLockOptions = {}): FencedLock {
  const settings = settle('createFencedLock', options);
  const lines = createLines('acquire', settings.maxWaiters);
  const { contend } = createContender(settings, lines);
  const sweep = startSweeping(settings, lines);
  const reportRisk = onceReported(settings);
  /** Of all calls without a limit and a signal: it keeps nothing, so one serves them all. */
  const endless = startPatience({ clock: settings.clock, timedOut: () => undefined });

  /** Has the line's turn, asks the store, and hands the line to the lease. */
  async function take(
    key: string,
    { waitMs, signal, autoRenew = false, floor }: AcquireOptions,
    waits: boolean,
  ): Promise<GrantedLock | undefined> {
    reportRisk();
    const { clock, observer } = settings;
    const askedAt = observer === undefined ? 0 : clock.now();
    const patience =
      waitMs === undefined && signal === undefined
        ? endless
        : startPatience({
            clock,
            waitMs: waits ? waitMs : undefined,
            signal,
            timedOut: () => timeout(settings, key, waitMs),
          });
    try {
      if (!lines.tryEnter(key)) {
        if (!waits) return undefined;
        await lines.enter(key, patience.signal);
      }
      const lease = await contend({ key, floor, waits, patience });
      if (lease === undefined) return undefined;
      if (autoRenew) lease.startRenewing();
      if (observer !== undefined) tellAcquired(settings, lease, clock.now() - askedAt);
      // Last, since it may notice that the lease is over already.
      lines.hold(key, lease);
      sweep();
      return lease;
    } finally {
      patience.end();
    }
  }

  async function acquire(key: string, options: AcquireOptions = {}): Promise<GrantedLock> {
    check('acquire', key, options);
    refuseReentrance('acquire', settings.store, key);
    const lease = await take(key, options, options.waitMs !== 0);
    if (lease === undefined) throw timeout(settings, key, options.waitMs);
    return lease;
  }

  return {
    acquire,
    async tryAcquire(key, options = {}) {
      check('tryAcquire', key, options);
      return (await take(key, options, false)) ?? null;
    },
    async run(key, fn, options = {}) {
      check('run', key, options);
      if (typeof fn !== 'function') {
        throw new TypeError(`run: fn must be a function, got ${show(fn)}`);
      }
      refuseReentrance('run', settings.store, key);
      const lease = await acquire(key, { ...options, autoRenew: true });
      return runHolding(settings.store, lease, fn);
    },
  };
}

/** Calls `fn` with a lease that it is known to hold, and gives the lease back. */
async function runHolding<T>(
  store: LeaseStore,
  lease: Lease,
  fn: (lease: Lease) => Promise<T> | T,
): Promise<T> {
  const { signal } = lease;
  try {
    const result = held.run({ store, lease, outer: held.current() }, async () => fn(lease));
    // A lost lease ends the wait for `fn`, and is told even when `fn` has just resolved; one
    // that `fn` has released is not lost.
    const value = await raceSignal(result, signal);
    if (lease.remainingMs === 0) signal.throwIfAborted();
    return value;
  } finally {
    if (lease.remainingMs > 0) await lease.release();
  }
}

function check(fn: string, key: string, { waitMs, floor }: AcquireOptions): void {
  requireKey(fn, 'key', key, longestKey);
  if (!key.isWellFormed()) {
    throw new RangeError(`${fn}: key must be well-formed Unicode, got ${JSON.stringify(key)}`);
  }
  if (waitMs !== undefined) requireNumber(fn, 'waitMs', waitMs, { min: 0 });
  if (floor !== undefined) requireInteger(fn, 'floor', floor, { min: 0 });
}

function refuseReentrance(fn: string, store: LeaseStore, key: string): void {
  for (let at = held.current(); at !== undefined; at = at.outer) {
    if (at.store === store && at.lease.key === key && at.lease.remainingMs > 0) {
      const what = `${fn}: key ${JSON.stringify(key)} is held by the caller itself`;
      throw new ReentrantCallError(`${what}, which would wait for its own end`);
    }
  }
}

function timeout({ name }: Settings, key: string, waitMs = 0): LockTimeoutError {
  const what = `${name}: ${JSON.stringify(key)} was not free within ${waitMs} ms`;
  return new LockTimeoutError(what, key, waitMs);
}

function tellAcquired(settings: Settings, { key, fence }: Lease, waitedMs: number): void {
  const { name, observer, clock } = settings;
  notify(observer, 'acquired', { name, key, fence, atMs: clock.wallNow(), waitedMs });
}

/** Looks once, at first use and behind it, whether the server may evict what must stay. */
function onceReported({ name, store, clock, observer }: Settings): () => void {
  let looked = observer?.evictionRiskFound === undefined || store.findEvictionRisk === undefined;
  return () => {
    if (looked) return;
    looked = true;
    store.findEvictionRisk?.().then(
      (risk) => {
        if (risk === undefined) return;
        notify(observer, 'evictionRiskFound', { name, atMs: clock.wallNow(), ...risk });
      },
      () => {
        looked = false;
      },
    );
  };
}
