import { setTimeout as sleep } from 'node:timers/promises';

/** How long, and how often, {@link until} looks. */
export interface UntilOptions {
  /** The longest wait, in milliseconds. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** The pause between two looks, in milliseconds. @defaultValue 10 */
  readonly everyMs?: number;
  /** What is awaited, for the message of the error. @defaultValue 'the condition' */
  readonly what?: string;
}

const late: unique symbol = Symbol('late');

/**
 * Resolves with the first truthy answer of `check`, for what only a real process can tell.
 *
 * A check that throws has not come true yet; so has one that never answers, which is why each
 * is raced against what is left of the time.
 *
 * @throws Error after `timeoutMs`; its `cause` is what the last check threw, if it did.
 */
export async function until<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 10, what = 'the condition' }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const endMs = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) throw new Error(`${what} did not come true in ${timeoutMs} ms`, { cause });
    const expiry = new AbortController();
    try {
      const answer = await Promise.race([
        Promise.resolve(check()),
        sleep(leftMs, late, { signal: expiry.signal }),
      ]);
      if (answer !== late && answer) return answer as NonNullable<T>;
    } catch (error) {
      cause = error;
    } finally {
      expiry.abort();
    }
    await sleep(Math.max(0, Math.min(everyMs, endMs - performance.now())));
  }
}
