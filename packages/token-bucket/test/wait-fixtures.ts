import { createManualClock } from '@gabion/clock/testing';
import {
  createTokenBucket,
  type Keys,
  memoryBucketStore,
  type TakeResult,
  type TokenBucketOptions,
  type WaitOptions,
} from '../src/index.js';
import { startMs } from './shell-fixtures.js';

/** A bucket to which a token comes back every 100 ms, and the story of its waiters. */
export function createWaiting(capacity: number, more: Partial<TokenBucketOptions> = {}) {
  const clock = createManualClock(startMs);
  const options = { name: 'api', capacity, refill: { tokens: 1, everyMs: 100 }, clock };
  const store = memoryBucketStore({ clock });
  const bucket = createTokenBucket({ ...options, ...more, store } as TokenBucketOptions & {
    store: typeof store;
  });
  const story: string[] = [];
  /** Waits, and tells at which millisecond it ended and how. */
  const wait = async (
    who: string,
    key: Keys,
    waiting?: WaitOptions,
  ): Promise<TakeResult | undefined> => {
    const tell = (how: string) => void story.push(`${clock.now() - startMs}: ${who} ${how}`);
    try {
      const answer = await bucket.wait(key, waiting);
      tell(answer.allowed ? 'served' : 'refused');
      return answer;
    } catch (reason) {
      tell(reason instanceof Error ? reason.name : String(reason));
      return undefined;
    }
  };
  return { clock, bucket, store, story, wait };
}
