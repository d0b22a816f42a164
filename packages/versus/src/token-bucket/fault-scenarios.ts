import { setTimeout as sleep } from 'node:timers/promises';
import { startFaultProxy } from '@gabion/testkit';
import { type Outcome, outcome, type Scenario } from '../behaviour.js';
import { type Ending, endingWithin } from '../outcome-in-time.js';
import { opened, type Place } from './redis-scenarios.js';
import type { RemoteAnswer, RemoteOpened, RemoteSubject } from './redis-subjects.js';

const key = 'user:42';
const rule = { tokens: 1_000, everyMs: 60_000 };
/** Whoever has said nothing by then is said to hang. */
const patienceMs = 3_000;

function described(ending: Ending<RemoteAnswer>): string {
  const { status, tookMs } = ending;
  if (status === 'silent') return `silent for ${patienceMs / 1_000} s`;
  const what = status === 'failed' ? 'error' : 'decision';
  return `${what} in ${Math.round(tookMs)} ms`;
}

/** The scripts and all levels are gone from one moment to the next, as after a failover. */
function emptied(place: Place, subject: RemoteSubject): Promise<Outcome> {
  return opened(place, subject, rule, async ({ take }) => {
    await take(key);
    await place.admin.script('FLUSH');
    await place.admin.flushall();
    const ending = await endingWithin(patienceMs, take(key));
    const isKept = (await place.admin.dbsize()) === 1;
    return outcome(ending.status === 'answered' && isKept, described(ending));
  });
}

/** Runs `work` while Redis accepts everything and answers nothing (SIGSTOP). */
function stopped(
  place: Place,
  subject: RemoteSubject,
  work: (limiter: RemoteOpened) => Promise<Outcome>,
): Promise<Outcome> {
  return opened(place, subject, rule, async (limiter) => {
    await limiter.take(key);
    place.server.pause();
    try {
      return await work(limiter);
    } finally {
      place.server.resume();
    }
  });
}

function oneTakeWhileStopped(place: Place, subject: RemoteSubject): Promise<Outcome> {
  return stopped(place, subject, async ({ take }) => {
    const ending = await endingWithin(patienceMs, take(key));
    return outcome(ending.status !== 'silent' && ending.tookMs < 250, described(ending));
  });
}

/** A store that is known to be broken need not be waited for at every request. */
function tenTakesWhileStopped(place: Place, subject: RemoteSubject): Promise<Outcome> {
  return stopped(place, subject, async ({ take }) => {
    const beganAt = performance.now();
    for (let i = 0; i < 10; i += 1) {
      const { status } = await endingWithin(patienceMs, take(key));
      if (status === 'silent') return outcome(false, `silent for ${patienceMs / 1_000} s`);
    }
    const tookMs = Math.round(performance.now() - beganAt);
    return outcome(tookMs < 500, `${tookMs} ms`);
  });
}

/** kill -9, and Redis is back, empty: how long until takes count in it again. */
function restarted(place: Place, subject: RemoteSubject): Promise<Outcome> {
  return opened(place, subject, rule, async ({ take }) => {
    await take(key);
    await place.server.kill();
    await place.server.restart();
    const beganAt = performance.now();
    for (;;) {
      await endingWithin(200, take(key));
      const tookMs = Math.round(performance.now() - beganAt);
      if ((await place.admin.dbsize()) > 0) return outcome(tookMs <= patienceMs, `in ${tookMs} ms`);
      if (tookMs > patienceMs) return outcome(false, `not in ${patienceMs / 1_000} s`);
      await sleep(20);
    }
  });
}

/** Redis has counted, and nobody heard of it: who asked must be told, whatever is decided. */
async function lostReply(place: Place, subject: RemoteSubject): Promise<Outcome> {
  const proxy = await startFaultProxy(place.server);
  const lose = async ({ take }: RemoteOpened) => {
    await take(key);
    proxy.dropReplies();
    const ending = await endingWithin(patienceMs, take(key));
    if (ending.status === 'silent') return outcome(false, described(ending));
    if (ending.status === 'answered') {
      const { degraded } = ending.value;
      return outcome(degraded, degraded ? 'marked as degraded' : 'an answer like any other');
    }
    const effect = (ending.error as { effect?: unknown }).effect;
    return outcome(effect === 'unknown', effect === undefined ? 'error' : `effect: ${effect}`);
  };
  try {
    return await opened(place, subject, rule, lose, proxy.url());
  } finally {
    await proxy.stop();
  }
}

/** What should hold of every limiter in Redis while Redis is not well. */
export function faultScenarios(place: Place): Scenario<RemoteSubject>[] {
  const on = (run: (place: Place, subject: RemoteSubject) => Promise<Outcome>) => {
    return (subject: RemoteSubject) => run(place, subject);
  };
  return [
    { claim: 'SCRIPT FLUSH and FLUSHALL: it goes on', run: on(emptied) },
    {
      claim: 'Redis stops (SIGSTOP): a decision or an error in 250 ms',
      run: on(oneTakeWhileStopped),
    },
    { claim: 'Redis stops: ten takes in a row end in 500 ms', run: on(tenTakesWhileStopped) },
    { claim: 'Redis is killed and restarted: it counts again in 3 s', run: on(restarted) },
    { claim: 'the reply is lost: whoever asked is told', run: on(lostReply) },
  ];
}

/** What a reader of the table must know. */
export const remoteNotes = [
  'gabion: as it comes, with a deadline of 100 ms and an error while Redis cannot be reached; ' +
    'with { local: 1 }, this process counts meanwhile.',
  'rate-limiter-flexible: as it comes; insured: in RLWrapperTimeouts of 100 ms, with a ' +
    'RateLimiterMemory as its insuranceLimiter.',
];
