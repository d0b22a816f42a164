import { createManualClock } from '@gabion/clock/testing';
import { createTokenBucket, memoryBucketStore } from '@gabion/token-bucket';
import type { Share } from '../checks.js';
import type { Answer } from '../clients.js';
import type { Decision, Run } from '../run.js';

/** What one client of a real bucket is told when it tries after each of the pauses. */
export function decisionsAfter(
  pausesMs: readonly number[],
  { capacity, refillPerSecond }: Share,
): Decision[] {
  const clock = createManualClock(1_000_000);
  const refill = { tokens: refillPerSecond, everyMs: 1_000 };
  const bucket = createTokenBucket({ capacity, refill, store: memoryBucketStore({ clock }) });
  return pausesMs.map((pauseMs) => {
    clock.advance(pauseMs);
    return { key: 'client', result: bucket.takeSync('client') };
  });
}

/** The same decision with the answer turned round. */
export function turned({ key, result }: Decision): Decision {
  const turnedResult = result.allowed
    ? { ...result, allowed: false as const, retryAfterMs: 1, violated: [] }
    : { ...result, allowed: true as const };
  return { key, result: turnedResult };
}

/** An answer to an obedient client, unless it is told otherwise. */
export function answer(given: Partial<Answer> = {}): Answer {
  return {
    client: 'obedient-1',
    outcome: 'page',
    sentAtMs: 1_000,
    tookMs: 30,
    retryAfter: undefined,
    afterWait: false,
    ...given,
  };
}

/** A run of four seconds with these answers and decisions. */
export function runOf(answers: readonly Answer[], decisions: readonly Decision[] = []): Run {
  const served = { pages: 0, forNobody: 0, failures: [] };
  return { ms: 4_000, answers, decisions, served, line: [{ atMs: 50, waiting: 0 }] };
}
