import type { Verdict } from '../classify.js';
import { createRetrierPool } from '../retrier-pool.js';
import { seededRandom } from '../seeded-random.js';
import type { Settings } from './options.js';
import { createServer, Refusal } from './server.js';
import { createTally, type Simulation } from './tally.js';
import { createVirtualTime, type VirtualTime } from './virtual-time.js';

/** Lets a fleet of clients call one server, until the last call is over. */
export async function runFleet(settings: Settings): Promise<Simulation> {
  const { clients, demandPerSecond, intervalMs, endMs } = settings;
  // A stream of chance for each purpose: so all policies meet the same calls.
  const seeds = seededRandom(settings.seed);
  const stream = () => seededRandom(Math.floor(seeds() * 2 ** 32));
  const [arrivals, choices, jitter] = [stream(), stream(), stream()];
  const time = createVirtualTime();
  const server = createServer(time, settings, settings.maxQueue);
  const tally = createTally(time.clock.now, settings);
  const pool = createClients(settings, time.clock, jitter);
  /** What has to be over before the simulation is. */
  let open = 0;

  function plan(atMs: number, happen: () => void): void {
    open += 1;
    time.at(atMs, () => {
      happen();
      open -= 1;
    });
  }

  async function call(): Promise<void> {
    const client = pool.get(`client-${Math.floor(choices() * clients) + 1}`);
    const counted = tally.begin();
    open += 1;
    const attempt = () => {
      counted.attempt();
      return server.request();
    };
    const succeeded = await client.run(attempt).then(
      () => true,
      () => false,
    );
    counted.end(succeeded);
    open -= 1;
  }

  function arriveAfter(atMs: number): void {
    // The time between two calls of a Poisson process.
    const nextMs = atMs - (Math.log(1 - arrivals()) * 1_000) / demandPerSecond;
    if (nextMs >= endMs) return;
    plan(nextMs, () => {
      call();
      arriveAfter(nextMs);
    });
  }

  function lookAfter(interval: number): void {
    if (interval * intervalMs >= endMs) return;
    plan(Math.min((interval + 1) * intervalMs, endMs), () => {
      tally.look(interval, server.queued);
      lookAfter(interval + 1);
    });
  }

  lookAfter(0);
  arriveAfter(0);
  await time.run(() => open === 0);
  return tally.simulation();
}

/** The retriers that are shipped: the simulation only has time pass for them. */
function createClients(
  { policy, clients, clientTimeoutMs, retryAfterMs }: Settings,
  clock: VirtualTime['clock'],
  random: () => number,
) {
  const { budget, maxAttempts, backoff, deadlineMs, minAttemptMs, throttledCost } = policy;
  const classify = (error: unknown): Verdict =>
    error instanceof Refusal ? { kind: 'throttled', retryAfterMs } : 'retry';
  return createRetrierPool({
    maxOrigins: clients,
    options: {
      ...{ budget, maxAttempts, backoff, deadlineMs, minAttemptMs, throttledCost },
      ...{ attemptTimeoutMs: clientTimeoutMs, nested: 'independent', classify, clock, random },
    },
  });
}
