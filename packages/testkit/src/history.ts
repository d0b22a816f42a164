/** An event as it was recorded: frozen, with its place in the history. */
export type Recorded<E extends object> = Readonly<E & { at: number }>;

/** An append-only list of what happened, in order. */
export interface History<E extends object> {
  /** Appends a frozen copy of `event` and returns it; `at` counts from 0. */
  record(event: E): Recorded<E>;
  /** Everything recorded so far: a copy, so that it can be compared later. */
  readonly events: readonly Recorded<E>[];
  /** The events that satisfy `predicate`, in order. */
  of(predicate: (event: Recorded<E>) => boolean): readonly Recorded<E>[];
}

/**
 * Creates an empty history.
 *
 * Its order is the order of the calls to `record`: no clock takes part, so that two events of
 * the same millisecond still have one.
 */
export function createHistory<E extends object>(): History<E> {
  const events: Recorded<E>[] = [];
  return {
    record(event) {
      const recorded = Object.freeze({ ...event, at: events.length });
      events.push(recorded);
      return recorded;
    },
    get events() {
      return [...events];
    },
    of: (predicate) => events.filter(predicate),
  };
}

/** A deferred promise that a test opens by hand, instead of sleeping. */
export interface Gate<T> {
  /** Pending until the gate is opened or failed; only the first of these counts. */
  readonly promise: Promise<T>;
  /** Lets everyone through who waits now or will. */
  open(value: T): void;
  /** Turns everyone away with `error`. */
  fail(error: unknown): void;
}

/** Creates a closed gate. A gate that fails with nobody waiting is no unhandled rejection. */
export function gate<T = void>(): Gate<T> {
  let open!: (value: T) => void;
  let fail!: (error: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  promise.catch(() => undefined);
  return { promise, open, fail };
}
