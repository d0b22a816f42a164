/** One attempt of a run that failed. */
export interface AttemptRecord {
  /** When it started: epoch milliseconds. */
  readonly startedAtMs: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** How long the run waited before it, backoff and gate, in milliseconds. */
  readonly delayMs: number;
  /** What it threw. */
  readonly error: unknown;
}

/** What a failed run went through. */
export interface RetryInfo {
  /** Every attempt, in order. Empty where the gate never opened. */
  readonly attempts: readonly AttemptRecord[];
  /** Whether it was the budget that refused another attempt. */
  readonly budgetExhausted: boolean;
  /** How long the destination asked to be left alone, when the run gave up; absent without. */
  readonly retryAfterMs?: number;
}

const infos = new WeakMap<object, RetryInfo>();

/**
 * Says what the failed run went through that rejected with this very error. The error itself is
 * untouched, so frozen ones will do. Of one object that several runs threw, the last to fail is
 * told. For a primitive (`throw 'no'`), which cannot be told apart from its equals, it is always
 * `undefined`: the observer's `gaveUp` hears of those too.
 */
export function retryInfo(error: unknown): RetryInfo | undefined {
  return isObject(error) ? infos.get(error) : undefined;
}

/** Keeps the info of a run for as long as its error lives. */
export function rememberInfo(error: unknown, info: RetryInfo): void {
  if (isObject(error)) infos.set(error, info);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
