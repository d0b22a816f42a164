import type { RequestListener } from 'node:http';
import { freePort } from '@gabion/testkit';
import { type Outcome, outcome, type Scenario } from '../behaviour.js';
import { type Ending, endingWithin } from '../outcome-in-time.js';
import {
  type Client,
  gabionFetch,
  gotClient,
  type MakeClient,
  retryAgent,
} from './http-clients.js';
import { withServer } from './http-server.js';

/** A client of the table, and how one of it is made. */
export interface HttpSubject {
  /** The heading of its column. */
  readonly name: string;
  /** Makes one. */
  readonly make: MakeClient;
}

/** Everyone who retries a request. */
export const httpSubjects: readonly HttpSubject[] = [
  { name: 'gabion', make: gabionFetch },
  { name: 'undici RetryAgent', make: retryAgent },
  { name: 'got', make: gotClient },
];

type Headers = Record<string, string>;

/** What a server answers first; then it answers 200. */
interface First {
  readonly status: number;
  readonly headers: Headers;
}

/** Sends one request to a server whose first answer is given, and tells when each arrived. */
async function arrivals(client: Client, first: First): Promise<number[]> {
  const atMs: number[] = [];
  const listener: RequestListener = (_, response) => {
    atMs.push(performance.now());
    if (atMs.length === 1) response.writeHead(first.status, first.headers).end();
    else response.end('well');
  };
  return withServer(listener, async (url) => {
    await endingWithin(5_000, client.send(url));
    return atMs.map((at) => at - (atMs[0] as number));
  });
}

const terms = { maxAttempts: 2, baseMs: 10 };
const seconds = (ms: number | undefined) =>
  ms === undefined ? 'no retry' : `after ${(ms / 1_000).toFixed(1)} s`;

/** Waits at least as long as it was told, and little longer; the jitter of a gate included. */
function waits(first: First, atLeastMs: number, atMostMs: number) {
  return async ({ make }: HttpSubject): Promise<Outcome> => {
    const [, again] = await arrivals(make(terms), first);
    const isHeld = again !== undefined && again >= atLeastMs - 2 && again <= atMostMs;
    return outcome(isHeld, seconds(again));
  };
}

const httpDate = (ms: number) => new Date(ms).toUTCString();

/** Served by a clock that is an hour slow: two seconds later on that clock. */
function slowClock(): First {
  const serverMs = Date.now() - 3_600_000;
  const headers = { date: httpDate(serverMs), 'retry-after': httpDate(serverMs + 2_000) };
  return { status: 503, headers };
}

async function malformed({ make }: HttpSubject): Promise<Outcome> {
  const values = ['0x2', '2e0', '1.5', '-5'];
  let right = 0;
  for (const value of values) {
    const first = { status: 503, headers: { 'retry-after': value } };
    const [, again = Infinity] = await arrivals(make(terms), first);
    if (again < 700) right += 1;
  }
  return outcome(right === values.length, `${right} of ${values.length}`);
}

/** How a request ended at a server that answers each with one status, and how many came. */
async function refusedWith(
  client: Client,
  status: number,
  sent?: Parameters<Client['send']>[1],
): Promise<{ ending: Ending<number>; requests: number }> {
  let requests = 0;
  const listener: RequestListener = (_, response) => {
    requests += 1;
    response.writeHead(status).end('no');
  };
  return withServer(listener, async (url) => {
    const ending = await endingWithin(3_000, client.send(url, sent));
    return { ending, requests };
  });
}

async function postOnce({ make }: HttpSubject): Promise<Outcome> {
  const { requests } = await refusedWith(make(terms), 503, { method: 'POST' });
  return outcome(requests === 1, `${requests}`);
}

async function postUnsent({ make }: HttpSubject): Promise<Outcome> {
  const port = await freePort();
  const client = make({ maxAttempts: 4, baseMs: 200 });
  const call = client.send(`http://127.0.0.1:${port}/`, { method: 'POST' });
  const ending = await endingWithin(3_000, call);
  const isRetried = ending.status === 'failed' && ending.tookMs > 20;
  return outcome(isRetried, isRetried ? 'is' : 'is not');
}

async function lastAnswer({ make }: HttpSubject): Promise<Outcome> {
  const { ending } = await refusedWith(make(terms), 503);
  const isGiven = ending.status === 'answered' && ending.value === 503;
  return outcome(isGiven, isGiven ? 'given' : 'thrown');
}

async function abortInBackoff({ make }: HttpSubject): Promise<Outcome> {
  const controller = new AbortController();
  const { promise: refused, resolve } = withResolvers();
  const listener: RequestListener = (_, response) => {
    response.writeHead(503, { 'retry-after': '2' }).end('no', () => setTimeout(resolve, 50));
  };
  return withServer(listener, async (url) => {
    const call = make(terms).send(url, { signal: controller.signal });
    call.catch(() => {});
    await refused;
    controller.abort();
    const ending = await endingWithin(4_000, call);
    const isQuick = ending.status === 'failed' && ending.tookMs < 100;
    return outcome(isQuick, isQuick ? 'at once' : seconds(ending.tookMs));
  });
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function hopelessHint({ make }: HttpSubject): Promise<Outcome> {
  const listener: RequestListener = (_, response) => {
    response.writeHead(429, { 'retry-after': '60' }).end('no');
  };
  return withServer(listener, async (url) => {
    const ending = await endingWithin(3_000, make(terms, 1_000).send(url));
    return outcome(ending.tookMs < 500, ending.tookMs < 500 ? 'at once' : seconds(ending.tookMs));
  });
}

/** One is told to wait a second; nine others come after it, on the same client. */
async function hintForAll({ make }: HttpSubject): Promise<Outcome> {
  let early = 0;
  let openAt: number | undefined;
  const listener: RequestListener = (_, response) => {
    openAt ??= performance.now() + 1_000;
    if (performance.now() >= openAt) return void response.end('well');
    early += 1;
    response.writeHead(429, { 'retry-after': '1' }).end('no');
  };
  return withServer(listener, async (url) => {
    const client = make({ maxAttempts: 4, baseMs: 10 });
    const first = client.send(url);
    while (early === 0) await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const others = Array.from({ length: 9 }, () => client.send(url));
    await endingWithin(5_000, Promise.allSettled([first, ...others]));
    return outcome(early === 1, `${early} of 10 too early`);
  });
}

/** What should hold of everyone who retries a request. */
export const httpScenarios: readonly Scenario<HttpSubject>[] = [
  {
    claim: '429, Retry-After: 1: again after 1 s, not before',
    run: waits({ status: 429, headers: { 'retry-after': '1' } }, 1_000, 2_000),
  },
  {
    claim: '500, Retry-After: 1: the same',
    run: waits({ status: 500, headers: { 'retry-after': '1' } }, 1_000, 2_000),
  },
  {
    claim: 'Retry-After is a date 2 s after Date, by a clock an hour slow: after 2 s',
    run: (subject) => waits(slowClock(), 2_000, 3_500)(subject),
  },
  { claim: 'Retry-After: 0x2, 2e0, 1.5 and -5 are malformed: ignored', run: malformed },
  { claim: 'a Retry-After past the deadline ends the call at once', run: hopelessHint },
  { claim: 'a Retry-After holds for the nine that come after', run: hintForAll },
  { claim: 'an abort while it waits ends the call at once', run: abortInBackoff },
  { claim: 'POST that was answered 503 is not sent again', run: postOnce },
  { claim: 'POST that was never sent is', run: postUnsent },
  { claim: 'after the last attempt its answer is given', run: lastAnswer },
];
