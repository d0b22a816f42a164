import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type Server, startFaultProxy, startRedis } from '@gabion/testkit';
import type { Redis, RedisOptions } from 'ioredis';
import { type Outcome, outcome, type Scenario } from '../behaviour.js';
import { endingWithin } from '../outcome-in-time.js';
import type { Holding, LockSubject, OpenedLock, Opening } from './subjects.js';

/** Where a scenario takes place: a Redis that nobody else uses. */
export interface Place {
  /** The server, which scenarios stop, kill and empty. */
  readonly server: Server;
  /** A connection to it that no candidate has. */
  readonly admin: Redis;
}

const key = 'ledger';
const leaseMs = 1_000;
/** A timer may be a little late on a busy machine. */
const slackMs = 50;
/** Whoever has said nothing so long after the end of the lease is said to say nothing. */
const patienceMs = 1_500;

/**
 * Opens a candidate on an empty Redis, and closes it whatever happens. A rejection that nobody
 * hears ends a process of Node, so that a candidate that leaves one has failed.
 */
async function opened(
  { server, admin }: Place,
  subject: LockSubject,
  work: (lock: OpenedLock) => Promise<Outcome>,
  opening: Partial<Opening> = {},
): Promise<Outcome> {
  await admin.flushall();
  const unheard: unknown[] = [];
  const listener = (reason: unknown) => void unheard.push(reason);
  process.on('unhandledRejection', listener);
  const lock = subject.open({ urls: [server.url], leaseMs, ...opening });
  try {
    const found = await work(lock);
    if (unheard.length === 0) return found;
    const [reason] = unheard;
    const what = reason instanceof Error ? reason.message : String(reason);
    return outcome(false, `ends the process: unhandled "${what}"`);
  } finally {
    lock.close();
    // What the closing rejects is this scenario's own doing, and no other's.
    await sleep(20);
    process.off('unhandledRejection', listener);
  }
}

/** What must be there, or the scenario says nothing about the candidate. */
function had(holding: Holding | undefined): Holding {
  if (holding === undefined) throw new Error('a free lock was not granted');
  return holding;
}

/** Whether a holder is told by the time that its lease ends, counted from when it asked for it. */
async function toldInTime({ told }: Holding, askedAt: number): Promise<Outcome> {
  const { status } = await endingWithin(leaseMs + patienceMs, told);
  const tookMs = Math.round(performance.now() - askedAt);
  if (status === 'silent') return outcome(false, 'is not told');
  return outcome(tookMs <= leaseMs + slackMs, `told after ${tookMs} ms`);
}

/** Redis accepts everything and answers nothing (SIGSTOP). */
function stalled(place: Place, subject: LockSubject, client: RedisOptions): Promise<Outcome> {
  const stall = async ({ keep }: OpenedLock) => {
    const askedAt = performance.now();
    const holding = had(await keep(key));
    place.server.pause();
    try {
      return await toldInTime(holding, askedAt);
    } finally {
      place.server.resume();
    }
  };
  return opened(place, subject, stall, { client });
}

/** kill -9, and nobody listens any more. */
function killed(place: Place, subject: LockSubject): Promise<Outcome> {
  const kill = async ({ keep }: OpenedLock) => {
    const askedAt = performance.now();
    const holding = had(await keep(key));
    await place.server.kill();
    try {
      return await toldInTime(holding, askedAt);
    } finally {
      await place.server.restart();
    }
  };
  return opened(place, subject, kill);
}

/** The holder's own loop stands still, and no timer fires; then it asks its handle. */
function blocked(place: Place, subject: LockSubject): Promise<Outcome> {
  return opened(place, subject, async ({ acquire }) => {
    const holding = had(await acquire(key));
    for (const until = performance.now() + leaseMs + 20; performance.now() < until; );
    return outcome(!holding.isHeld(), holding.isHeld() ? 'says that it is held' : 'says so');
  });
}

/** Redis grants in time, and the grant arrives after its own end. */
async function lateGrant(place: Place, subject: LockSubject): Promise<Outcome> {
  await using proxy = await startFaultProxy(place.server);
  const ask = async ({ acquire }: OpenedLock) => {
    // Connects, and has the scripts loaded.
    await acquire('another');
    proxy.delay(400);
    const ending = await endingWithin(3_000, acquire(key));
    if (ending.status === 'silent') return outcome(false, 'silent');
    if (ending.status === 'failed' || ending.value === undefined) return outcome(true, 'refused');
    const isHeld = ending.value.isHeld();
    return outcome(false, isHeld ? 'handed out as held' : 'handed out, past its own end');
  };
  return await opened(place, subject, ask, { urls: [proxy.url()], leaseMs: 300 });
}

/** A renewal is carried out, its reply is lost with the connection, and then all is well. */
async function lostRenewal(place: Place, subject: LockSubject): Promise<Outcome> {
  if (!subject.renews) return { verdict: 'n/a', note: 'renews nothing by itself' };
  await using proxy = await startFaultProxy(place.server);
  // So long that what is left after the fault suffices to connect again.
  const longMs = 2 * leaseMs;
  const lose = async ({ keep }: OpenedLock) => {
    const holding = had(await keep(key));
    proxy.dropReplies();
    // A renewal is sent at a third or at half of the lease.
    await sleep(0.6 * longMs);
    proxy.heal();
    const { status } = await endingWithin(longMs, holding.told);
    if (status !== 'silent') return outcome(false, 'given up');
    const isKept = (await place.admin.exists(subject.keyOf(key))) === 1;
    return outcome(isKept && holding.isHeld(), isKept ? 'goes on' : 'expired');
  };
  return await opened(place, subject, lose, { urls: [proxy.url()], leaseMs: longMs });
}

/** Somebody deletes the key, or it is evicted: the lock is anybody's. */
function vanished(place: Place, subject: LockSubject): Promise<Outcome> {
  return opened(place, subject, async ({ keep }) => {
    const askedAt = performance.now();
    const holding = had(await keep(key));
    await place.admin.del(subject.keyOf(key));
    const found = await toldInTime(holding, askedAt);
    const isBack = (await place.admin.exists(subject.keyOf(key))) === 1;
    return isBack ? outcome(false, 'made anew') : found;
  });
}

/** Two of four instances are down: there is no quorum, and whoever asks should be told. */
async function halfDown(place: Place, subject: LockSubject): Promise<Outcome> {
  if (!subject.hasQuorum) return { verdict: 'n/a', note: 'asks one Redis' };
  await using other = await startRedis();
  const down = [await freePort(), await freePort()].map((port) => `redis://127.0.0.1:${port}`);
  const urls = [place.server.url, other.url, ...down];
  const ask = async ({ acquire }: OpenedLock) => {
    const ending = await endingWithin(3_000, acquire(key));
    if (ending.status === 'silent') return outcome(false, 'silent for 3 s');
    const isRefused = ending.status === 'failed' || ending.value === undefined;
    const inMs = `in ${Math.round(ending.tookMs)} ms`;
    return outcome(isRefused, isRefused ? `refused ${inMs}` : `granted ${inMs}`);
  };
  // A client that gives a dead instance up at once: with ioredis's own 20 tries all are slow.
  return await opened(place, subject, ask, { urls, client: { maxRetriesPerRequest: 1 } });
}

/** One holder after another: does each get a greater number? */
function fences(place: Place, subject: LockSubject): Promise<Outcome> {
  const short = { leaseMs: 100 };
  const ask = async ({ acquire }: OpenedLock) => {
    const first = had(await acquire(key)).fence;
    await sleep(150);
    const second = had(await acquire(key)).fence;
    if (first === undefined || second === undefined) return outcome(false, 'none');
    return outcome(second > first, `+ ${second - first}`);
  };
  return opened(place, subject, ask, short);
}

/** A holder falls asleep before its write, and wakes up when the next one has written. */
function zombie(place: Place, subject: LockSubject): Promise<Outcome> {
  const sleepwalk = async ({ acquire, write }: OpenedLock) => {
    const paused = had(await acquire('lock'));
    await sleep(150);
    const next = had(await acquire('lock'));
    await write(next, key, 'of the next holder');
    await write(paused, key, 'of the zombie').catch(() => {});
    const isKept = (await place.admin.get(key)) === 'of the next holder';
    return outcome(isKept, isKept ? 'refused' : 'overwrites the next holder’s');
  };
  return opened(place, subject, sleepwalk, { leaseMs: 100 });
}

/** What should hold of every lock with a lease. */
export function lockScenarios(place: Place): Scenario<LockSubject>[] {
  const on = (run: (place: Place, subject: LockSubject) => Promise<Outcome>) => {
    return (subject: LockSubject) => run(place, subject);
  };
  const impatient = { commandTimeout: 200 };
  return [
    { claim: 'each grant has a greater fence', run: on(fences) },
    { claim: 'the write of a holder that overslept its lease is refused', run: on(zombie) },
    {
      claim: 'Redis stalls: the holder is told by the end of its lease',
      run: (subject) => stalled(place, subject, {}),
    },
    {
      claim: 'Redis stalls, and the client gives commands up after 200 ms: the same',
      run: (subject) => stalled(place, subject, impatient),
    },
    { claim: 'Redis is killed: the same', run: on(killed) },
    { claim: 'the lock’s key vanishes: the same, and it is not made anew', run: on(vanished) },
    { claim: 'the event loop was blocked past the lease: the handle knows', run: on(blocked) },
    { claim: 'a grant that arrives after its end is not handed out', run: on(lateGrant) },
    { claim: 'the reply of a renewal is lost: the lease goes on', run: on(lostRenewal) },
  ];
}

/** What should hold of a lock that asks several instances; ours asks one. */
export function quorumScenarios(place: Place): Scenario<LockSubject>[] {
  return [
    {
      claim: 'two of four instances are down: it says no in 3 s',
      run: (subject) => halfDown(place, subject),
    },
  ];
}

/** What a reader of the table must know. */
export const lockNotes = [
  'The lease is mostly 1 000 ms. All on ioredis clients as they come, but where it is said; ' +
    'redlock 5 and its fork renew by using(), at half of the lease and without retries, ' +
    'redis-semaphore at a third, with onLockLost. redlock 4 renews nothing by itself.',
  'redis-semaphore asks several instances by its RedlockMutex. gabion asks one Redis: a quorum ' +
    'of clocks is no substitute for a fence.',
];
