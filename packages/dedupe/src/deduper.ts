import { readMoment } from '@gabion/clock';
import { notify, requireNumber, show } from '@gabion/contract';
import { type Attempt, startAttempt } from './attempt.js';
import type { ClaimAnswer, Stored } from './core/record.js';
import type { OnceResult } from './result.js';
import { ask, isUnknown } from './shell/asking.js';
import { type DeduperOptions, type Settings, settle } from './shell/options.js';
import { readOutcome, writeValue } from './shell/outcome.js';
import { probeOnce } from './shell/probe.js';
import { randomId } from './shell/random-id.js';
import { type Identity, recordId, requireIdentity } from './shell/record-id.js';
import { createRenewals } from './shell/renewals.js';
import { findWinner, runAttempt } from './shell/run-attempt.js';

/** Options of one call. */
export interface OnceOptions {
  /**
   * The longest wait for an attempt that runs already, in milliseconds from 0, which never waits.
   * @defaultValue 0
   */
  readonly waitMs?: number | undefined;
  /** Ends that wait: the call rejects with its reason. A function that runs is not disturbed. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs things once. */
export interface Deduper {
  /** The deduper's name. */
  readonly name: string;
  /** How long an attempt may go unheard of, in milliseconds. */
  readonly leaseMs: number;
  /**
   * Runs `fn` unless it ran before under this identity, and answers with what became of it. Of any
   * number of concurrent calls, in any number of processes, one runs.
   *
   * A throw of `fn` is rethrown, and frees the key, unless `effectsBegan()` was called or it is
   * final.
   *
   * @throws StoreUnavailableError when the store cannot be asked: `fn` was not called. TypeError |
   * RangeError for arguments, before anything is asked.
   */
  once<T>(
    id: Identity,
    fn: (attempt: Attempt) => Promise<T> | T,
    options?: OnceOptions,
  ): Promise<OnceResult<T>>;
  /** What is stored; `undefined` when nothing is. */
  inspect(id: Identity): Promise<Stored | undefined>;
  /** Drops a record, whatever it says: the next call runs. */
  forget(id: Identity): Promise<void>;
  /**
   * Says what was found out about an attempt whose outcome was unknown: the value that it
   * returned, or that nothing was done. Resolves with false when it was not unknown.
   */
  resolve(id: Identity, found: { readonly value: unknown } | 'not-done'): Promise<boolean>;
}

/**
 * Creates a deduper.
 *
 * @throws TypeError | RangeError for an option that is not what it says.
 * @example
 * ```ts
 * import { createDeduper } from '@gabion/dedupe';
 *
 * const deduper = createDeduper({ name: 'charges' });
 * const id = { scope: 'tenant-7', operation: 'POST /charges', key: 'k-1' };
 * const first = await deduper.once(id, () => ({ charged: 5 }));
 * const second = await deduper.once(id, () => ({ charged: 5 }));
 * console.log(first.status, second.status); // ran replayed
 * ```
 */
export function createDeduper(options: DeduperOptions = {}): Deduper {
  const settings = settle('createDeduper', options);
  const { name, store, clock } = settings;
  const renewals = createRenewals(settings);
  const process = randomId();
  let claims = 0;

  async function once<T>(
    identity: Identity,
    fn: (attempt: Attempt) => Promise<T> | T,
    { waitMs = 0, signal }: OnceOptions = {},
  ): Promise<OnceResult<T>> {
    const checked = requireIdentity('once', identity);
    if (typeof fn !== 'function') {
      throw new TypeError(`once: fn must be a function, got ${show(fn)}`);
    }
    requireNumber('once', 'waitMs', waitMs, { min: 0 });
    signal?.throwIfAborted();
    const probed = probeOnce(store);
    if (probed !== undefined) await probed;

    const id = recordId(name, checked);
    const endsAt = clock.now() + waitMs;
    claims += 1;
    const owner = `${process}.${claims}`;
    for (let pauseMs = 20; ; pauseMs = Math.min(250, pauseMs * 2)) {
      const claimed = await claim(settings, { id, owner, fingerprint: checked.fingerprint });
      const { answer } = claimed;
      if (answer.status === 'claimed') {
        const { fence } = answer;
        const { scope, operation, key } = checked;
        const event = () => ({ name, scope, operation, key, fence, atMs: clock.wallNow() });
        const renewalFailed = (error: unknown) =>
          notify(settings.observer, 'renewalFailed', { ...event(), error });
        const { sentAt } = claimed;
        const attempt = startAttempt({ settings, renewals, id, fence, sentAt, renewalFailed });
        if (settings.observer !== undefined) notify(settings.observer, 'claimed', event());
        const winner = () => findWinner<T>(settings, id, endsAt);
        return runAttempt({ settings, id, attempt, fn, event, winner });
      }
      if (answer.status === 'done') return readOutcome<T>(settings.codec, answer.outcome);
      if (answer.status !== 'running') return answer;
      const leftMs = endsAt - clock.now();
      if (leftMs <= 0) return { status: 'in-flight', retryAfterMs: Math.ceil(answer.leftMs) };
      const jittered = pauseMs * (0.5 + settings.random() / 2);
      await clock.sleep(Math.min(leftMs, jittered), { signal });
    }
  }

  const idOf = (fn: string, identity: Identity) => recordId(name, requireIdentity(fn, identity));
  return {
    name,
    leaseMs: settings.leaseMs,
    once,
    inspect: async (identity) => store.inspect(idOf('inspect', identity)),
    forget: async (identity) => store.forget(idOf('forget', identity)),
    async resolve(identity, found) {
      const id = idOf('resolve', identity);
      const keepMs = settings.retentionMs;
      const outcome = found === 'not-done' ? found : writeValue(settings, found.value).outcome;
      return (await store.resolve({ id, found: outcome, keepMs })) === 'resolved';
    },
  };
}

/** Claims; a claim whose reply was lost is repeated as the same one. */
async function claim(
  settings: Settings,
  request: { readonly id: string; readonly owner: string; readonly fingerprint: string },
) {
  const { store, clock, leaseMs, unknownRetentionMs, onAbandoned } = settings;
  let sentAt = readMoment(clock);
  const verb = () => {
    sentAt = readMoment(clock);
    return store.claim({ ...request, leaseMs, unknownRetentionMs, onAbandoned });
  };
  try {
    const answer: ClaimAnswer = await ask(verb);
    return { answer, sentAt };
  } catch (error) {
    if (isUnknown(error)) giveBack(settings, request.id, verb);
    throw error;
  }
}

/**
 * Frees the key of a claim that may have been granted without anybody hearing of it: the repeated
 * claim tells its fence. Otherwise a key at which nothing ran would count as abandoned.
 */
async function giveBack(
  { store, clock, leaseMs }: Settings,
  id: string,
  claimAgain: () => Promise<ClaimAnswer>,
): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    await clock.sleep(leaseMs / 10, { keepsAlive: false });
    try {
      const answer = await claimAgain();
      if (answer.status === 'claimed') await store.release({ id, fence: answer.fence });
      return;
    } catch {
      // The store is out of reach still.
    }
  }
}
