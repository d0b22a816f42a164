import { gate } from './history.js';

/** Letters that arrive when they like, and are read when a test likes. */
export interface Mailbox<T> {
  /** Hands `letter` to whoever waits for it, or keeps it. */
  post(letter: T): void;
  /** Takes the oldest letter that `wanted` accepts, waiting at most `timeoutMs` for it. */
  next(wanted: (letter: T) => boolean, timeoutMs: number): Promise<T>;
  /** Nothing more will come: whoever waits, now or later, is told why. */
  close(reason: () => Error): void;
}

/** A bound, for a child that talks without end: the oldest letters go first. */
const maxLetters = 10_000;

interface Waiter<T> {
  readonly wanted: (letter: T) => boolean;
  readonly open: (letter: T) => void;
  readonly fail: (error: unknown) => void;
}

/** Creates an empty mailbox; `what` names a letter in messages. */
export function createMailbox<T>(what: string): Mailbox<T> {
  const letters: T[] = [];
  const waiters = new Set<Waiter<T>>();
  let closed: (() => Error) | undefined;
  return {
    post(letter) {
      for (const waiter of waiters) {
        if (waiter.wanted(letter)) return waiter.open(letter);
      }
      letters.push(letter);
      if (letters.length > maxLetters) letters.shift();
    },
    async next(wanted, timeoutMs) {
      const kept = letters.findIndex(wanted);
      if (kept !== -1) return letters.splice(kept, 1)[0] as T;
      if (closed) throw closed();
      const { promise, open, fail } = gate<T>();
      const waiter: Waiter<T> = {
        wanted,
        fail,
        open(letter) {
          // Taken out at once, and not when the promise settles, lest it be given two letters.
          waiters.delete(waiter);
          open(letter);
        },
      };
      waiters.add(waiter);
      const late = () => fail(new Error(`no such ${what} in ${timeoutMs} ms`));
      const timer = setTimeout(late, timeoutMs);
      return promise.finally(() => {
        clearTimeout(timer);
        waiters.delete(waiter);
      });
    },
    close(reason) {
      closed = reason;
      for (const waiter of waiters) waiter.fail(reason());
    },
  };
}
