/** A controller that aborts when a signal does, for as long as somebody holds it or its signal. */
export interface Follower {
  /** Aborts with the reason of the signal that is followed, or of `abort`. */
  readonly signal: AbortSignal;
  /** Aborts it alone. */
  abort(reason: unknown): void;
  /** Goes on for as long as `owner` lives, too. */
  holdFor(owner: object): void;
  /** Follows no more. */
  stop(): void;
}

/** Who follows one signal. */
interface Crowd {
  readonly members: Set<WeakRef<AbortController>>;
  /** The listener. */
  abort(): void;
}

/**
 * Signals are followed by weak references and with one listener for all: a signal may live as long
 * as the process, and a response may be dropped before its body has been read.
 */
const crowds = new WeakMap<AbortSignal, Crowd>();
const holders = new WeakMap<object, AbortController>();
const dropped = new FinalizationRegistry<() => void>((stop) => stop());

/** Creates what follows a signal, or nobody. */
export function followerOf(followed: AbortSignal | undefined): Follower {
  const controller = new AbortController();
  const { signal } = controller;
  holders.set(signal, controller);
  if (followed?.aborted) controller.abort(followed.reason);
  return {
    signal,
    abort: (reason) => controller.abort(reason),
    holdFor: (owner) => void holders.set(owner, controller),
    stop: followed === undefined ? () => {} : join(followed, controller),
  };
}

/** Returns what leaves again. */
function join(followed: AbortSignal, controller: AbortController): () => void {
  const crowd = crowds.get(followed) ?? gather(followed);
  const reference = new WeakRef(controller);
  crowd.members.add(reference);
  const leave = () => {
    crowd.members.delete(reference);
    if (crowd.members.size > 0 || crowds.get(followed) !== crowd) return;
    crowds.delete(followed);
    followed.removeEventListener('abort', crowd.abort);
  };
  dropped.register(controller, leave);
  return leave;
}

function gather(followed: AbortSignal): Crowd {
  const members = new Set<WeakRef<AbortController>>();
  const abort = () => {
    for (const reference of members) reference.deref()?.abort(followed.reason);
  };
  const crowd = { members, abort };
  crowds.set(followed, crowd);
  followed.addEventListener('abort', abort, { once: true });
  return crowd;
}
