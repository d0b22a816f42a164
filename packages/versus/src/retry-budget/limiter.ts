import type { Clock } from '@gabion/clock';
import {
  createRetrier,
  createRetryBudget,
  type Retrier,
  seededRandom,
  type Verdict,
} from '@gabion/retry-budget';
import { createTokenBucket, memoryBucketStore } from '@gabion/token-bucket';
import { say } from '../progress.js';
import type { Findings } from '../report.js';
import { createVirtualTime } from './virtual-time.js';

const clients = 50;
const callersPerClient = 8;
const rounds = 5;
/** Everyone begins a round at the same instant, as a schedule or a page that all reload does. */
const roundMs = 5_000;
/** The rounds need 80 a second. */
const perSecond = 240;
/** How long a request is under way, to the limiter and back. */
const roundTripMs = 10;

/** How the clients deal with a refusal. */
interface Manner {
  readonly name: string;
  /** What a refusal that names a wait means. */
  verdict(retryAfterMs: number): Verdict;
  /** Whether all callers of a client wait for each other's refusals. */
  readonly isShared: boolean;
}

const manners: readonly Manner[] = [
  { name: 'full jitter, Retry-After ignored', verdict: () => 'retry', isShared: true },
  {
    name: 'Retry-After, by each caller alone',
    verdict: (retryAfterMs) => ({ kind: 'throttled', retryAfterMs }),
    isShared: false,
  },
  {
    name: 'Retry-After, and the gate',
    verdict: (retryAfterMs) => ({ kind: 'throttled', retryAfterMs }),
    isShared: true,
  },
];

/** A refusal, as a client sees it over HTTP: the wait is rounded up to seconds. */
class Refused extends Error {
  readonly retryAfterMs: number;

  constructor(waitMs: number) {
    super('status 429');
    this.retryAfterMs = Math.ceil(waitMs / 1_000) * 1_000;
  }
}

/** A limiter in virtual time that counts what it is asked. */
function createLimiter(clock: Clock) {
  const refill = { tokens: perSecond, everyMs: 1_000 };
  const store = memoryBucketStore({ clock });
  const bucket = createTokenBucket({ capacity: perSecond / 10, refill, store, clock });
  const counted = { requests: 0, lastAtMs: 0 };
  return {
    counted,
    async request(): Promise<void> {
      counted.requests += 1;
      await clock.sleep(roundTripMs);
      const answer = bucket.takeSync('everyone');
      if (!answer.allowed) throw new Refused(answer.retryAfterMs ?? 0);
      counted.lastAtMs = clock.now();
    },
  };
}

/** Lets every client make all of its calls; none fails for good, so that all do the same work. */
async function measure({ name, verdict, isShared }: Manner) {
  say(`limiter: ${name}`);
  const time = createVirtualTime();
  const { clock } = time;
  const random = seededRandom(42);
  const limiter = createLimiter(clock);
  const create = (): Retrier =>
    createRetrier({
      clock,
      random,
      maxAttempts: 1_000,
      budget: createRetryBudget({ reserve: 1_000_000 }),
      classify: (error) => (error instanceof Refused ? verdict(error.retryAfterMs) : 'stop'),
    });
  const caller = async (retrier: Retrier) => {
    for (let round = 0; round < rounds; round += 1) {
      await clock.sleep(Math.max(0, round * roundMs - clock.now()));
      await retrier.run(() => limiter.request());
    }
  };
  const work = Array.from({ length: clients }, () => {
    const ofClient = create();
    return Array.from({ length: callersPerClient }, () => caller(isShared ? ofClient : create()));
  });
  await time.run(Promise.all(work.flat()));
  return limiter.counted;
}

/** What a limiter is asked until everyone has had the same number of successes. */
export async function measureLimiter(): Promise<Findings> {
  const successes = clients * callersPerClient * rounds;
  const rows: [string, number, number, number][] = [];
  for (const manner of manners) {
    const { requests, lastAtMs } = await measure(manner);
    rows.push([manner.name, requests, requests / successes, (successes * 1_000) / lastAtMs]);
  }
  const columns = [
    { title: 'clients that heed' },
    { title: 'requests' },
    { title: 'per success', digits: 2 },
    { title: 'successes per second', digits: 1 },
  ];
  const title = `${clients} clients at a limiter of ${perSecond} a second: 2 000 calls`;
  const notes = [
    `In virtual time: every ${roundMs / 1_000} s each client makes ${callersPerClient} calls at ` +
      `once, ${rounds} times, which needs 80 a second. The limiter is a token bucket that holds ` +
      'a tenth of a second; it names its wait in whole seconds, as HTTP does. Budgets are as ' +
      'good as endless here, so that nobody gives up.',
  ];
  return { tables: [{ title, columns, rows, notes }], gates: [] };
}
