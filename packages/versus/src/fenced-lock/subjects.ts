import { createFencedLock } from '@gabion/fenced-lock';
import { fencedSet, redisLeaseStore } from '@gabion/fenced-lock/redis';
import { Redlock } from '@sesamecare-oss/redlock';
import { Redis, type RedisOptions } from 'ioredis';
import { type LockLostCallback, Mutex, RedlockMutex } from 'redis-semaphore';
import { createRedlock4, createRedlock5, type Redlock5, type RedlockSettings } from './redlocks.js';

/** A lock that was acquired for a scenario. */
export interface Holding {
  /** Whether the handle says that the lock is held, asked now and without the network. */
  isHeld(): boolean;
  /** Resolves when the holder is told that the lock is lost. */
  readonly told: Promise<unknown>;
  /** The fencing token, where there is one. */
  readonly fence?: number;
}

/** A candidate that was opened for one scenario. Without a lock it rejects, or has nothing. */
export interface OpenedLock {
  /** Asks once for the lock, which is not renewed. */
  acquire(key: string): Promise<Holding | undefined>;
  /** The same, and it is renewed from then on where the candidate does such a thing. */
  keep(key: string): Promise<Holding | undefined>;
  /** Sets a key of Redis as the holder of a lock. */
  write(holding: Holding, key: string, value: string): Promise<unknown>;
  /** Closes its connections. */
  close(): void;
}

/** How a candidate is opened. */
export interface Opening {
  /** One Redis, or several that it asks for a quorum. */
  readonly urls: readonly string[];
  readonly leaseMs: number;
  /** What else its ioredis clients are told. */
  readonly client?: RedisOptions;
}

/** A candidate of the behaviour table. */
export interface LockSubject {
  /** The heading of its column. */
  readonly name: string;
  /** Whether it renews a lock by itself. */
  readonly renews: boolean;
  /** Whether it asks several instances for a quorum. */
  readonly hasQuorum: boolean;
  /** Where it keeps a lock. */
  keyOf(key: string): string;
  open(opening: Opening): OpenedLock;
}

const never = new Promise<never>(() => {});

function connect({ urls, client = {} }: Opening) {
  const all = urls.map((url) => {
    const redis = new Redis(url, client);
    // Without a listener, each lost connection would be printed.
    redis.on('error', () => undefined);
    return redis;
  });
  const close = () => {
    for (const redis of all) redis.disconnect();
  };
  return { all, first: all[0] as Redis, close };
}

/** What a holder of a peer's lock can do: it has nothing that Redis could refuse a write by. */
const plainWrite = (redis: Redis) => (_: Holding, key: string, value: string) =>
  redis.set(key, value);

/** Resolves when a signal aborts. */
function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function openGabion(opening: Opening): OpenedLock {
  const { first, close } = connect(opening);
  const lock = createFencedLock({ store: redisLeaseStore(first), leaseMs: opening.leaseMs });
  const ask = async (key: string, autoRenew: boolean): Promise<Holding | undefined> => {
    const lease = await lock.tryAcquire(key, { autoRenew });
    if (lease === null) return undefined;
    const isHeld = () => lease.remainingMs > 0;
    return { isHeld, told: aborted(lease.signal), fence: lease.fence };
  };
  return {
    acquire: (key) => ask(key, false),
    keep: (key) => ask(key, true),
    write: ({ fence }, key, value) => fencedSet(first, key, value, fence as number),
    close,
  };
}

/** It renews nothing by itself, and tells nobody anything; its locks say when they end. */
function openRedlock4(opening: Opening): OpenedLock {
  const { all, first, close } = connect(opening);
  const redlock = createRedlock4(all, { retryCount: 0 });
  redlock.on('clientError', () => undefined);
  const acquire = async (key: string): Promise<Holding> => {
    const lock = await redlock.lock(key, opening.leaseMs);
    return { isHeld: () => lock.expiration > Date.now(), told: never };
  };
  return { acquire, keep: acquire, write: plainWrite(first), close };
}

/** Renewed at half of the lease, without retries, which would only delay the news of a loss. */
const settings5 = ({ leaseMs }: Opening): RedlockSettings => {
  return { retryCount: 0, automaticExtensionThreshold: Math.floor(leaseMs / 2) };
};

/** redlock 5 and its fork: `using` renews, and its signal tells. */
function openRedlock5(
  opening: Opening,
  create: (clients: Redis[], settings: RedlockSettings) => Redlock5,
): OpenedLock {
  const { all, first, close } = connect(opening);
  const redlock = create(all, settings5(opening));
  return {
    async acquire(key) {
      const lock = await redlock.acquire([key], opening.leaseMs);
      return { isHeld: () => lock.expiration > Date.now(), told: never };
    },
    keep: (key) =>
      new Promise((resolve, reject) => {
        const routine = (signal: AbortSignal) => {
          resolve({ isHeld: () => !signal.aborted, told: aborted(signal) });
          return never;
        };
        redlock.using([key], opening.leaseMs, routine).catch(reject);
      }),
    write: plainWrite(first),
    close,
  };
}

/** Renewed at a third of the lease, as ours is, instead of at four fifths. */
function openSemaphore(opening: Opening): OpenedLock {
  const { all, first, close } = connect(opening);
  const { leaseMs } = opening;
  const mutexes: Mutex[] = [];
  const ask = async (key: string, refreshInterval: number): Promise<Holding | undefined> => {
    let lose: LockLostCallback = () => {};
    const told = new Promise<unknown>((resolve) => {
      lose = resolve;
    });
    const options = {
      lockTimeout: leaseMs,
      acquireAttemptsLimit: 1,
      refreshInterval,
      onLockLost: lose,
    };
    const mutex =
      all.length > 1 ? new RedlockMutex(all, key, options) : new Mutex(first, key, options);
    mutexes.push(mutex as Mutex);
    if (!(await mutex.tryAcquire())) return undefined;
    return { isHeld: () => mutex.isAcquired, told };
  };
  return {
    acquire: (key) => ask(key, 0),
    keep: (key) => ask(key, Math.round(leaseMs / 3)),
    write: plainWrite(first),
    close() {
      for (const mutex of mutexes) mutex.stopRefresh();
      close();
    },
  };
}

const asItIs = (key: string) => key;

/** Ours; the others follow. */
export const gabionLock: LockSubject = {
  name: 'gabion',
  renews: true,
  hasQuorum: false,
  keyOf: (key) => `fenced-lock:{default}:lease:${key}`,
  open: openGabion,
};

/** Everyone who locks in Redis. */
export const allLocks: readonly LockSubject[] = [
  gabionLock,
  { name: 'redlock 4', renews: false, hasQuorum: true, keyOf: asItIs, open: openRedlock4 },
  {
    name: 'redlock 5 beta',
    renews: true,
    hasQuorum: true,
    keyOf: asItIs,
    open: (opening) => openRedlock5(opening, createRedlock5),
  },
  {
    name: '@sesamecare-oss/redlock',
    renews: true,
    hasQuorum: true,
    keyOf: asItIs,
    open: (opening) => openRedlock5(opening, (clients, settings) => new Redlock(clients, settings)),
  },
  {
    name: 'redis-semaphore',
    renews: true,
    hasQuorum: true,
    keyOf: (key) => `mutex:${key}`,
    open: openSemaphore,
  },
];
