import { TooManyWaitersError } from '../errors.js';

/** What stands at the front of a line: it knows by itself when its turn is over. */
export interface Turn {
  /** Asks it to notice its own end in time; called when a caller waits behind it. */
  watch(): void;
  /** Lets it notice its end, or see to it; called at least four times in a lease. */
  look(): void;
  /** Time left, in milliseconds; looking notices the end. */
  readonly remainingMs: number;
}

interface Line {
  /** The lease that the turn has led to, once it has. */
  turn: Turn | undefined;
  /** The callers who wait for the turn, in the order of their arrival; absent while none has. */
  waiting: Set<() => void> | undefined;
}

/**
 * The lines of one process: for each key one caller has the turn, and the others wait for it in
 * the order in which they came. Whoever has the turn is the only one who asks the store.
 */
export interface Lines {
  /** Takes the turn if nobody has it. */
  tryEnter(key: string): boolean;
  /**
   * Waits for the turn. Rejects with the signal's reason when that aborts first, and with
   * TOO_MANY_WAITERS when as many wait as may.
   */
  enter(key: string, signal: AbortSignal | undefined): Promise<void>;
  /** Says what the turn has led to. */
  hold(key: string, turn: Turn): void;
  /** Ends the turn. Returns true when it went to another caller, false when nobody waits. */
  next(key: string): boolean;
  /** Whether somebody has the turn of this key. */
  has(key: string): boolean;
  /** How many keys somebody has the turn of. */
  readonly size: number;
  /** Counts a caller who waits elsewhere, for the bound; returns what ends that. */
  count(key: string): () => void;
  /** Every turn that led to something, for the sweep. */
  readonly turns: Iterable<Turn>;
}

/** Creates the lines, for `maxWaiters` waiting callers over all keys. */
export function createLines(fn: string, maxWaiters: number): Lines {
  const lines = new Map<string, Line>();
  let waiters = 0;

  function count(key: string): () => void {
    if (waiters >= maxWaiters) {
      const who = JSON.stringify(key);
      throw new TooManyWaitersError(`${fn}: ${waiters} callers wait already, key ${who}`);
    }
    waiters += 1;
    return () => {
      waiters -= 1;
    };
  }

  return {
    count,
    tryEnter(key) {
      // Looking notices a lease that is over, which ends its turn.
      void lines.get(key)?.turn?.remainingMs;
      if (lines.has(key)) return false;
      lines.set(key, { turn: undefined, waiting: undefined });
      return true;
    },
    async enter(key, signal) {
      const line = lines.get(key);
      if (line === undefined) throw new Error('enter without a line');
      const counted = count(key);
      try {
        await turnIn(line, signal);
      } finally {
        counted();
      }
    },
    hold(key, turn) {
      const line = lines.get(key);
      if (line === undefined) return;
      line.turn = turn;
      if (line.waiting !== undefined && line.waiting.size > 0) turn.watch();
    },
    next(key) {
      const line = lines.get(key);
      if (line === undefined) return false;
      line.turn = undefined;
      const { waiting } = line;
      if (waiting !== undefined) {
        for (const go of waiting) {
          waiting.delete(go);
          go();
          return true;
        }
      }
      lines.delete(key);
      return false;
    },
    has: (key) => lines.has(key),
    get size() {
      return lines.size;
    },
    get turns() {
      return turnsOf(lines);
    },
  };
}

/** Waits in a line for the turn, or until the signal aborts. */
function turnIn(line: Line, signal: AbortSignal | undefined): Promise<void> {
  line.waiting ??= new Set();
  const { waiting } = line;
  return new Promise<void>((resolve, reject) => {
    const abort = () => {
      waiting.delete(go);
      reject(signal?.reason);
    };
    const go = () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    waiting.add(go);
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    // Last, since it may notice that the turn is over, and pass it on.
    line.turn?.watch();
  });
}

function* turnsOf(lines: ReadonlyMap<string, Line>): Iterable<Turn> {
  for (const { turn } of lines.values()) if (turn !== undefined) yield turn;
}
