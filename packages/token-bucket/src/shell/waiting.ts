import type { Clock } from '@gabion/clock';
import { TooManyWaitersError } from '@gabion/contract';

/** A place in the line of one key. */
interface Place {
  readonly turn: Promise<void>;
  callUp(): void;
}

/** How one caller waits for its turn, and for the tokens when it has it. */
export interface Waiter {
  /** Resolves true when everyone ahead has left, false when the deadline passed first. */
  turn(): Promise<boolean>;
  /** Whether a pause of `ms` would still end before the deadline. */
  hasTimeFor(ms: number): boolean;
  /** Pauses for `ms`. */
  pause(ms: number): Promise<void>;
  /** Leaves the line: the next one has its turn. */
  leave(): void;
}

/** Lines of callers, first come first served per key. */
export interface WaitingRoom {
  /** Joins the line of a key. */
  join(key: string, waitMs: number, signal: AbortSignal | undefined): Waiter;
}

/**
 * Creates the lines of one bucket. Only callers that really wait count towards `maxWaiters`: one
 * that finds its tokens at the first look never does.
 */
export function createWaitingRoom(fn: string, maxWaiters: number, clock: Clock): WaitingRoom {
  // Sets keep their order, and give up a place in the middle at no cost.
  const lines = new Map<string, Set<Place>>();
  let waiters = 0;

  function join(key: string, waitMs: number, signal: AbortSignal | undefined): Waiter {
    const endsAt = clock.now() + waitMs;
    const place = createPlace();
    const line = lines.get(key) ?? new Set();
    lines.set(key, line.add(place));
    let counted = false;

    function count(): void {
      if (counted) return;
      if (waiters >= maxWaiters) {
        throw new TooManyWaitersError(`${fn}: ${waiters} callers wait already (maxWaiters)`);
      }
      counted = true;
      waiters += 1;
    }

    return {
      async turn() {
        if (line.size === 1) return true;
        count();
        const giveUp = new AbortController();
        const ended = clock.sleep(waitMs, {
          signal: signal === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, signal]),
        });
        try {
          return await Promise.race([place.turn.then(() => true), ended.then(() => false)]);
        } finally {
          giveUp.abort();
        }
      },
      hasTimeFor: (ms) => clock.now() + ms <= endsAt,
      pause(ms) {
        count();
        return clock.sleep(ms, { signal });
      },
      leave() {
        if (counted) waiters -= 1;
        line.delete(place);
        const [next] = line;
        if (next === undefined) lines.delete(key);
        else next.callUp();
      },
    };
  }

  return { join };
}

function createPlace(): Place {
  let callUp = () => {};
  const turn = new Promise<void>((resolve) => {
    callUp = resolve;
  });
  return { turn, callUp };
}
