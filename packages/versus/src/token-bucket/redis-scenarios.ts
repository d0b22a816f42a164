import { systemClock } from '@gabion/clock';
import type { Server } from '@gabion/testkit';
import type { Redis } from 'ioredis';
import { type Outcome, outcome, type Scenario } from '../behaviour.js';
import { longWindow, refusalTakesNothing } from './memory-scenarios.js';
import type { RemoteOpened, RemoteSubject } from './redis-subjects.js';
import type { Rule } from './subjects.js';

/** Where a scenario takes place: a Redis that nobody else uses. */
export interface Place {
  /** The server, which scenarios stop, kill and empty. */
  readonly server: Server;
  /** A connection to it that no candidate has. */
  readonly admin: Redis;
}

const key = 'user:42';
const aMinute = { tokens: 10, everyMs: 60_000 };

/** Opens a candidate on an empty Redis, and closes it whatever happens. */
export async function opened(
  { server, admin }: Place,
  { open }: RemoteSubject,
  rule: Rule,
  work: (limiter: RemoteOpened) => Promise<Outcome>,
  url = server.url,
): Promise<Outcome> {
  await admin.flushall();
  const limiter = open(url, rule);
  try {
    return await work(limiter);
  } finally {
    limiter.close();
  }
}

/** Asks 120 times at once; says how many were allowed. */
async function burst({ take }: RemoteOpened): Promise<number> {
  const answers = await Promise.all(Array.from({ length: 120 }, () => take(key)));
  return answers.filter(({ allowed }) => allowed).length;
}

/** The end of one window and the beginning of the next, on the server's own clock. */
function boundary(place: Place, subject: RemoteSubject): Promise<Outcome> {
  return opened(place, subject, { tokens: 100, everyMs: 1_000 }, async (limiter) => {
    await limiter.take(key);
    const openedAt = performance.now();
    const until = (ms: number) => systemClock.sleep(Math.max(0, openedAt + ms - performance.now()));
    await until(900);
    const beganAt = performance.now();
    const before = await burst(limiter);
    await until(1_010);
    const admitted = before + (await burst(limiter));
    const tookMs = Math.ceil(performance.now() - beganAt);
    // Two milliseconds more, since the server cuts its instants to whole ones.
    const dueTokens = 100 + Math.floor((tookMs + 2) / 10);
    return outcome(admitted <= dueTokens, `${admitted} in ${tookMs} ms`);
  });
}

/** Empties it, waits as long as it says, and 2 ms for the server's rounding; and less. */
function retryAfter(place: Place, subject: RemoteSubject): Promise<Outcome> {
  return opened(place, subject, { tokens: 10, everyMs: 1_000 }, async (limiter) => {
    let wrong = 0;
    for (let i = 0; i < 5; i += 1) {
      while ((await limiter.take(key)).allowed);
      const { retryAfterMs } = await limiter.take(key);
      const askedAt = performance.now();
      await systemClock.sleep(retryAfterMs / 2);
      const tooEarly = await limiter.take(key);
      const passedMs = performance.now() - askedAt;
      await systemClock.sleep(Math.max(0, retryAfterMs + 2 - passedMs));
      const inTime = await limiter.take(key);
      // On a machine that stood still the early one was not early.
      if ((tooEarly.allowed && passedMs < retryAfterMs) || !inTime.allowed) wrong += 1;
    }
    return outcome(wrong === 0, `${wrong} of 5 off`);
  });
}

/** A key without an expiry stays for ever, and so does a client that it refuses. */
function expiry(place: Place, subject: RemoteSubject): Promise<Outcome> {
  return opened(place, subject, aMinute, async ({ take }) => {
    for (let i = 0; i < 15; i += 1) await take(key);
    const keys = await place.admin.keys('*');
    const left = await Promise.all(keys.map((one) => place.admin.pttl(one)));
    const endless = left.filter((ms) => ms < 0).length;
    return outcome(keys.length > 0 && endless === 0, `${endless} of ${keys.length} endless`);
  });
}

/** What decides the slot of a key on a cluster: the text in its first pair of braces. */
function slotText(text: string): string {
  const open = text.indexOf('{');
  const close = text.indexOf('}', open + 1);
  return open === -1 || close <= open + 1 ? text : text.slice(open + 1, close);
}

/** A hundred keys by one user, who would like to have them all on one node. */
function steering(place: Place, subject: RemoteSubject): Promise<Outcome> {
  return opened(place, subject, aMinute, async ({ take }) => {
    for (let i = 0; i < 100; i += 1) await take(`{one}${i}`);
    const keys = await place.admin.keys('*');
    const texts = new Set(keys.map(slotText));
    return outcome(
      texts.size === 100,
      `100 keys by ${texts.size} text${texts.size > 1 ? 's' : ''}`,
    );
  });
}

/** What should hold of every limiter in Redis while Redis is well. */
export function redisScenarios(place: Place): Scenario<RemoteSubject>[] {
  const on = (run: (place: Place, subject: RemoteSubject) => Promise<Outcome>) => {
    return (subject: RemoteSubject) => run(place, subject);
  };
  /** Runs a scenario that knows of no Redis on a candidate that is opened once. */
  const anywhere = (run: (subject: { open(rule: Rule): RemoteOpened }) => Promise<Outcome>) => {
    return async ({ open }: RemoteSubject) => {
      await place.admin.flushall();
      const limiters: RemoteOpened[] = [];
      const openHere = (rule: Rule) => {
        const limiter = open(place.server.url, rule);
        limiters.push(limiter);
        return limiter;
      };
      try {
        return await run({ open: openHere });
      } finally {
        for (const limiter of limiters) limiter.close();
      }
    };
  };
  return [
    { claim: '100 a second: never more than 100 + 100 × elapsed', run: on(boundary) },
    { claim: '1 in 30 days: 1 of 20 takes', run: anywhere(longWindow) },
    { claim: 'the wait that it names suffices, and half of it does not', run: on(retryAfter) },
    { claim: 'a refusal takes nothing', run: anywhere(refusalTakesNothing) },
    { claim: 'no key is left without an expiry', run: on(expiry) },
    { claim: 'braces in a key do not choose its slot', run: on(steering) },
  ];
}
