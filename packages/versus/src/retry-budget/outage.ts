import type { Gate } from '../gate.js';
import { say } from '../progress.js';
import type { Findings } from '../report.js';
import { type Client, gabionFetch, gotClient, retryAgent } from './http-clients.js';
import { withServer } from './http-server.js';
import {
  asyncRetry,
  cockatielBreaker,
  cockatielRetry,
  floor,
  gabion,
  opossumLoop,
  pRetryWith,
  type Wrapped,
} from './wrappers.js';

const calls = 1_000;
/** Three retries, and the shortest wait that everyone can be given: it is the count that counts. */
const terms = { maxAttempts: 4, baseMs: 1 };
/** What our budget starts with, unless told otherwise. */
const reserve = 10;

/** How many attempts as many calls make at once, when none succeeds. */
async function attemptsOf({ name, run }: Wrapped): Promise<number> {
  say(`outage: ${name}`);
  let attempts = 0;
  const fail = async () => {
    attempts += 1;
    throw new Error('out of order');
  };
  const all = Array.from({ length: calls }, () => run(fail));
  const outcomes = await Promise.allSettled(all);
  if (outcomes.some(({ status }) => status === 'fulfilled')) throw new Error(`${name} succeeded`);
  return attempts;
}

/** The same over HTTP, from fifty at a time, against a server that has only one answer. */
async function requestsOf({ name, send }: Client): Promise<number> {
  say(`outage: ${name}`);
  let requests = 0;
  const refuse = (_: unknown, response: import('node:http').ServerResponse) => {
    requests += 1;
    response.writeHead(503).end('out of order');
  };
  return withServer(refuse, async (url) => {
    const one = async () => {
      for (let i = 0; i < calls / 50; i += 1) {
        const status = await send(url);
        if (status !== 503) throw new Error(`${name} answered ${status}`);
      }
    };
    await Promise.all(Array.from({ length: 50 }, one));
    return requests;
  });
}

/** What everyone does to a service that is down. Ours is gated. */
export async function measureOutage(): Promise<Findings> {
  const rows: [string, number, number][] = [];
  const wrappers = [
    floor(terms),
    gabion('gabion', terms),
    cockatielRetry(terms),
    cockatielBreaker(terms),
    pRetryWith(terms),
    asyncRetry(terms),
    opossumLoop(terms),
  ];
  for (const wrapped of wrappers) {
    const attempts = await attemptsOf(wrapped);
    rows.push([wrapped.name, attempts, attempts / calls]);
  }
  for (const client of [gabionFetch(terms), retryAgent(terms), gotClient(terms)]) {
    const requests = await requestsOf(client);
    rows.push([`${client.name}, over HTTP`, requests, requests / calls]);
  }
  const ours = rows.filter(([name]) => name.startsWith('gabion')).map(([, attempts]) => attempts);
  const gate: Gate = {
    name: 'attempts of 1 000 calls in a total outage',
    figure: Math.max(...ours),
    must: 'at most',
    limit: calls + reserve,
  };
  const columns = [{ title: 'candidate' }, { title: 'attempts' }, { title: '× calls', digits: 2 }];
  const title = 'A total outage: 1 000 calls that may make three retries each';
  const notes = [
    'In this process all calls are made at once; over HTTP, fifty at a time. A breaker makes no ' +
      'attempts while it is open: it also refuses the calls that would have succeeded.',
  ];
  return { tables: [{ title, columns, rows, notes }], gates: [gate] };
}
