import type { Clock } from '@gabion/clock';
import { nextFence } from '../src/core/fence.js';
import * as core from '../src/core/slot.js';
import type { LeaseStore, Wake } from '../src/store.js';

/** What a store is made of; a broken one has another part in the place of one of these. */
export interface Parts {
  readonly claim: typeof core.claim;
  readonly renew: typeof core.renew;
  readonly release: typeof core.release;
  readonly leave: typeof core.leave;
  standing(slot: core.Slot | undefined, nowMs: number, asker?: string): core.Slot | undefined;
  /** The slot as `renew` and `release` see it. */
  ownStanding(slot: core.Slot | undefined, nowMs: number): core.Slot | undefined;
  /** What may happen between the look at a slot and the write. */
  between(): Promise<void> | undefined;
  fence(previous: number, clock: Clock, floor: number, ofKey: number): number;
  place(key: string): string;
  tell(wake: Wake): Wake | undefined;
  readonly goesOnTelling: boolean;
}

const sound: Parts = {
  ...core,
  ownStanding: core.standing,
  between: () => undefined,
  fence: (previous, clock, floor) => nextFence(previous, clock.wallNow() * 1_000, floor),
  place: (key) => key,
  tell: (wake) => wake,
  goesOnTelling: false,
};

/** A store like the memory store, with some parts exchanged. */
export function storeOf(clock: Clock, changes: Partial<Parts> = {}): LeaseStore {
  const parts = { ...sound, ...changes };
  const slots = new Map<string, core.Slot>();
  const granted = new Map<string, number>();
  const listeners = new Set<(wake: Wake | 'all') => void>();
  let counter = 0;

  function put<Answer>(key: string, { slot, answer, wake }: core.Step<Answer>): Answer {
    if (slot === undefined) slots.delete(parts.place(key));
    else slots.set(parts.place(key), slot);
    const told = wake === undefined ? undefined : parts.tell({ key, waiter: wake });
    if (told !== undefined) for (const listener of listeners) listener(told);
    return answer;
  }

  return {
    async acquire(request) {
      const { key, floor = 0 } = request;
      const nowMs = clock.now();
      const slot = parts.standing(slots.get(parts.place(key)), nowMs, request.owner);
      const waits = parts.between();
      if (waits !== undefined) await waits;
      const answer = put(
        key,
        parts.claim(slot, request, nowMs, () => {
          counter = parts.fence(counter, clock, floor, granted.get(key) ?? 0);
          granted.set(key, counter);
          return counter;
        }),
      );
      return 'fence' in answer
        ? { status: 'granted', fence: answer.fence }
        : { status: 'held', heldMs: answer.heldMs };
    },
    async renew(request) {
      const nowMs = clock.now();
      const slot = parts.ownStanding(slots.get(parts.place(request.key)), nowMs);
      return put(request.key, parts.renew(slot, request, nowMs));
    },
    async release({ key, owner }) {
      const nowMs = clock.now();
      const slot = parts.ownStanding(slots.get(parts.place(key)), nowMs);
      return put(key, parts.release(slot, owner, nowMs));
    },
    async leave({ key, waiter }) {
      const nowMs = clock.now();
      const slot = core.standing(slots.get(parts.place(key)), nowMs);
      return put(key, parts.leave(slot, waiter, nowMs));
    },
    onWake(listener) {
      listeners.add(listener);
      return () => !parts.goesOnTelling && listeners.delete(listener);
    },
  };
}
