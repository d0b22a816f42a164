import { createFencedLock } from '@gabion/fenced-lock';
import { redisLeaseStore } from '@gabion/fenced-lock/redis';
import { Redlock } from '@sesamecare-oss/redlock';
import type { Redis } from 'ioredis';
import { Mutex } from 'redis-semaphore';
import { type BareCommands, leaseMs } from './floors.js';
import { createRedlock4, createRedlock5 } from './redlocks.js';

/** Something that locks in Redis. */
export interface LockCandidate {
  /** What it is called. */
  readonly name: string;
  /** The commands that its client sends; all others run inside of its scripts. */
  readonly sends: readonly string[];
  /** Waits for the lock of a key, does the work if there is any, and gives the lock back. */
  hold(key: string, work?: () => Promise<unknown>): Promise<unknown>;
}

/** What a client sends that locks by scripts alone, or by SET and a script. */
export const byScripts = ['evalsha', 'eval'];
export const bySet = [...byScripts, 'set'];

/**
 * The delay that serves the redlocks best where many wait: of their own 200 ms a lock lies idle
 * for half the time, and below 10 ms the questions crowd out the work. (redis-semaphore comes
 * with 10 ms.) Nobody gives up.
 */
const eager = { retryCount: -1, retryDelay: 10, retryJitter: 5 };

/** None of the others renews by itself where it is not asked to. */
const withoutRefresh = { lockTimeout: leaseMs, acquireTimeout: 3_600_000, refreshInterval: 0 };

/** How a floor takes a lock, and the commands that it sends from first to last. */
interface Take {
  readonly sends: readonly string[];
  lock(key: string, owner: string): Promise<unknown>;
}

let owners = 0;

/** An owner that nobody else is, as cheap as can be. */
const nextOwner = () => {
  owners += 1;
  return `floor.${owners}`;
};

/** Bare commands, and nobody who waits: a lock that is held is an error. */
export function floor(name: string, take: Take, { remove }: BareCommands): LockCandidate {
  return {
    name,
    sends: take.sends,
    async hold(key, work) {
      const owner = nextOwner();
      const granted = await take.lock(key, owner);
      if (granted === null || granted === 0) throw new Error(`${name}: ${key} is held`);
      if (work !== undefined) await work();
      if ((await remove(key, owner)) !== 1) throw new Error(`${name}: ${key} was lost`);
    },
  };
}

/** A queue in this process, first come, first served, with the two bare commands of each turn. */
export function fifo(bare: BareCommands): LockCandidate {
  const turn = floor('floor: FIFO in this process', { sends: bySet, lock: bare.set }, bare);
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...turn,
    hold(key, work) {
      const held = last.then(() => turn.hold(key, work));
      last = held.catch(() => {});
      return held;
    },
  };
}

/** Ours, as it comes; with a subscriber, whoever waits in another process is woken. */
export function gabion(redis: Redis, subscriber?: Redis): LockCandidate {
  // A machine that stands still for a moment must not end the run.
  const store = redisLeaseStore(redis, { subscriber, timeoutMs: 10_000 });
  const lock = createFencedLock({ store, leaseMs });
  return {
    name: subscriber === undefined ? 'gabion' : 'gabion, subscriber',
    sends: byScripts,
    async hold(key, work) {
      const lease = await lock.acquire(key);
      if (work !== undefined) await work();
      await lease.release();
    },
  };
}

/** The peers, as they are fastest. */
export function peers(redis: Redis): LockCandidate[] {
  const redlock4 = createRedlock4([redis], eager);
  const redlock5 = createRedlock5([redis], eager);
  const sesamecare = new Redlock([redis], eager);
  return [
    {
      name: 'redlock 4',
      sends: byScripts,
      async hold(key, work) {
        const lock = await redlock4.lock(`redlock4:${key}`, leaseMs);
        if (work !== undefined) await work();
        await lock.unlock();
      },
    },
    {
      name: 'redlock 5 beta',
      sends: byScripts,
      async hold(key, work) {
        const lock = await redlock5.acquire([`redlock5:${key}`], leaseMs);
        if (work !== undefined) await work();
        await lock.release();
      },
    },
    {
      name: '@sesamecare-oss/redlock',
      sends: byScripts,
      async hold(key, work) {
        const lock = await sesamecare.acquire([`sesamecare:${key}`], leaseMs);
        if (work !== undefined) await work();
        await lock.release();
      },
    },
    {
      name: 'redis-semaphore Mutex',
      sends: bySet,
      async hold(key, work) {
        const mutex = new Mutex(redis, key, withoutRefresh);
        await mutex.acquire();
        if (work !== undefined) await work();
        await mutex.release();
      },
    },
  ];
}
