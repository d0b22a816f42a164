import { StoreUnavailableError } from './errors.js';

/**
 * What befalls one call of a store:
 * - `ok`: nothing.
 * - `fail`: it is refused before anything happens (`effect: 'none'`).
 * - `lost-reply`: it takes effect and its reply is lost (`effect: 'unknown'`).
 * - `late`: it takes effect at once and its reply comes only after `lateMs`.
 */
export type Fault = 'ok' | 'fail' | 'lost-reply' | 'late';

/** How late a `late` reply is, and on which clock. */
export interface FaultyOptions {
  /** How long a `late` reply is held back, in milliseconds. */
  readonly lateMs?: number;
  /** The clock that `late` is measured on; real timers unless given. */
  readonly clock?: { sleep(ms: number): Promise<void> };
}

const realTimers = {
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

/**
 * Wraps the named verbs of a store so that each call meets the next fault of the script; when the
 * script is used up, every call is `ok`. A script, not dice: a failing run replays exactly.
 */
export function faultyVerbs<Store extends object>(
  store: Store,
  verbs: readonly (keyof Store & string)[],
  script: readonly Fault[],
  { lateMs = 5_000, clock = realTimers }: FaultyOptions = {},
): Store {
  let next = 0;
  const wrapped = Object.create(store) as Record<string, unknown>;
  for (const verb of verbs) {
    const call = store[verb] as (...args: unknown[]) => Promise<unknown>;
    wrapped[verb] = async (...args: unknown[]) => {
      const fault = script[next++] ?? 'ok';
      if (fault === 'fail') {
        throw new StoreUnavailableError(`faulty: ${verb} was made to fail`, 'none');
      }
      const reply = await call.apply(store, args);
      if (fault === 'lost-reply') {
        throw new StoreUnavailableError(`faulty: the reply to ${verb} was lost`, 'unknown');
      }
      if (fault === 'late') await clock.sleep(lateMs);
      return reply;
    };
  }
  return wrapped as Store;
}
