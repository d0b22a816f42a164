import type { Clock } from '@gabion/clock';
import { createHistory, type History } from '@gabion/testkit';
import type { BucketStore, TakeRequest } from '../src/index.js';

/** Where clocks of these tests begin. */
export const startMs = 1_700_000_000_000;

/** One question that a store was asked, and when. */
export interface Asked {
  readonly afterMs: number;
  readonly key: string;
  readonly cost: number;
  readonly commit: boolean;
}

/** A store that writes down every question before it answers as `store` does. */
export function recording<Store extends BucketStore>(
  store: Store,
  clock: Clock,
): { readonly store: Store; readonly asked: History<Asked> } {
  const asked = createHistory<Asked>();
  const note = ({ keys, cost, commit }: TakeRequest) =>
    asked.record({ afterMs: clock.now() - startMs, key: keys.join(), cost, commit });
  const { takeSync } = store;
  return {
    asked,
    store: {
      ...store,
      take(request, call) {
        note(request);
        return store.take(request, call);
      },
      ...(takeSync && {
        takeSync(request: TakeRequest) {
          note(request);
          return takeSync(request);
        },
      }),
    },
  };
}

/** Lets everything run that can: no time passes. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What has become of a promise so far, as `Promise.allSettled` would put it. */
export async function endOf(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([
    promise.then(
      (value) => ({ value }),
      (reason) => ({ reason }),
    ),
    turn().then(() => 'pending'),
  ]);
}
