import { createTokenBucket, memoryBucketStore } from '@gabion/token-bucket';
import { redisBucketStore } from '@gabion/token-bucket/redis';
import type { Findings, Stage, TourStop } from '@gabion-examples/tour/stop';
import type { Answer } from './clients.js';
import { findingsOf } from './findings.js';
import { type Load, tourLoad } from './load.js';
import { type Run, type RunOptions, run } from './run.js';

/** The limiter: a bucket for each key, in memory, or on Redis for all processes together. */
function createLimiter({ capacity, refillPerSecond }: Load, { redis, keyPrefix }: Stage) {
  return createTokenBucket({
    name: 'pages',
    capacity,
    refill: { tokens: refillPerSecond, everyMs: 1_000 },
    store: redis ? redisBucketStore(redis, { keyPrefix }) : memoryBucketStore(),
    // Ten times the default: clients, server and all share one process here, so a reply may wait.
    deadlineMs: 1_000,
  });
}

/** How far a run is, while it goes on. */
function progress(answers: readonly Answer[]): string {
  const count = (wanted: Answer['outcome']) =>
    answers.filter(({ outcome }) => outcome === wanted).length;
  return `${count('page')} pages, ${count('refused')} refused, ${count('hung-up')} hung up`;
}

/** The same load twice, without the limiter and with it. */
export async function demonstrate(
  load: Load,
  stage: Stage,
): Promise<{ readonly without: Run; readonly limited: Run; readonly findings: Findings }> {
  const phase = (title: string, bucket?: RunOptions['bucket']) =>
    stage.phase(title, (tell) =>
      run(load, {
        ...(bucket && { bucket }),
        signal: stage.signal,
        tell: (answers) => tell(progress(answers)),
      }),
    );
  const without = await phase('without the limiter');
  const limited = await phase('with the limiter', createLimiter(load, stage));
  return { without, limited, findings: findingsOf(load, without, limited) };
}

const { workers, serviceMs, capacity, refillPerSecond, obedient, greedy, retryMs } = tourLoad;
const pagesASecond = (1_000 * workers) / serviceMs;

/** The token bucket over real HTTP. */
export const stop: TourStop = {
  pattern: 'token-bucket',
  title: 'two clients ask for everything, and nobody else gets anything',
  story: [
    `A web server makes ${pagesASecond} pages a second, and ${obedient} clients read them one ` +
      `by one. Then ${greedy} more come that ask for as much as they can, without a pause. All ` +
      'stand in one line, and the greedy ones fill it.',
    `A token bucket gives each client a share of its own: a bucket of ${capacity} tokens, into ` +
      `which ${refillPerSecond} a second come back. A page takes one token. A client whose ` +
      'bucket is empty does not get into the line: it is told so at once, with "429 Too Many ' +
      'Requests" and, in Retry-After, how many seconds to wait. Obedient clients wait that long; ' +
      `greedy ones try again after ${retryMs / 1_000} s or so, whatever they are told.`,
  ],
  run: async (stage) => (await demonstrate(tourLoad, stage)).findings,
};
