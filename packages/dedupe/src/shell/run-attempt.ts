import { notify } from '@gabion/contract';
import type { Attempt, RunningAttempt } from '../attempt.js';
import type { Outcome } from '../core/record.js';
import type { OnceResult, Superseded } from '../result.js';
import { ask } from './asking.js';
import type { DedupeEvent, Settings } from './options.js';
import { readOutcome, type Written, writeError, writeValue } from './outcome.js';

/** What runs, and as whose attempt. */
export interface Run<T> {
  readonly settings: Settings;
  readonly id: string;
  readonly attempt: RunningAttempt;
  readonly fn: (attempt: Attempt) => Promise<T> | T;
  /** What every event says. */
  readonly event: () => DedupeEvent;
  /** How the attempt that took over ended, as far as it has within the caller's patience. */
  readonly winner: () => Promise<Superseded<T>['winner']>;
}

/** What an attempt has to tell the store when it is over. */
type Ending = { readonly outcome: Outcome | 'unknown'; readonly keepMs: number } | 'nothing-done';

/** Runs the function, and stores how it ended. */
export async function runAttempt<T>(run: Run<T>): Promise<OnceResult<T>> {
  const { settings, attempt, fn } = run;
  let value: T;
  try {
    value = await fn(attempt);
  } catch (error) {
    const told = await tell(run, endingOf(run, error));
    if (told === 'superseded') return { status: 'superseded', winner: await run.winner() };
    throw error;
  }
  const written = writeValue(settings, value);
  tellOmitted(run, written);
  const told = await tell(run, { outcome: written.outcome, keepMs: settings.retentionMs });
  if (told === 'superseded') return { status: 'superseded', winner: await run.winner() };
  return { status: 'ran', value, recorded: told === 'stored' };
}

/** A final error is an outcome; another after effects leaves it unknown; else nothing is done. */
function endingOf<T>(run: Run<T>, error: unknown): Ending {
  const { settings, attempt } = run;
  const { retentionMs, unknownRetentionMs } = settings;
  if (settings.isFinal(error)) {
    const written = writeError(settings, error);
    tellOmitted(run, written);
    return { outcome: written.outcome, keepMs: retentionMs };
  }
  if (attempt.hasEffects) return { outcome: 'unknown', keepMs: unknownRetentionMs };
  return 'nothing-done';
}

/**
 * Tells the store. When it cannot be reached, the caller does not wait: it is tried again behind
 * the caller's back for as long as the lease lasts.
 */
async function tell<T>(run: Run<T>, ending: Ending): Promise<'stored' | 'superseded' | 'lost'> {
  const { settings, id, attempt, event } = run;
  const { store, observer, clock } = settings;
  const { fence } = attempt;
  const verb = () =>
    ending === 'nothing-done'
      ? store.release({ id, fence })
      : store.complete({ id, fence, ...ending });
  const endsAt = clock.now() + attempt.remainingMs;
  attempt.end();
  try {
    const answer = await ask(verb);
    if (answer === 'superseded') notify(observer, 'superseded', event());
    else if (answer === 'completed') notify(observer, 'completed', event());
    else if (answer === 'missing') {
      notify(observer, 'completionLost', { ...event(), error: new Error('the record is gone') });
      return 'lost';
    }
    return answer === 'superseded' ? 'superseded' : 'stored';
  } catch (error) {
    keepTelling(run, verb, endsAt, error);
    return 'lost';
  }
}

async function keepTelling<T>(
  { settings, event }: Run<T>,
  verb: () => Promise<string>,
  endsAt: number,
  error: unknown,
): Promise<void> {
  const { clock, leaseMs, random, observer } = settings;
  let lost = error;
  while (clock.now() < endsAt) {
    await clock.sleep((leaseMs / 20) * (0.5 + random()), { keepsAlive: false });
    try {
      const answer = await verb();
      if (answer === 'completed') return notify(observer, 'completed', event());
      if (answer === 'released') return;
      lost = new Error(`the store answered: ${answer}`);
      break;
    } catch (again) {
      lost = again;
    }
  }
  notify(observer, 'completionLost', { ...event(), error: lost });
}

function tellOmitted<T>({ settings, event }: Run<T>, written: Written): void {
  if (written.outcome.kind !== 'omitted') return;
  notify(settings.observer, 'valueOmitted', { ...event(), error: written.omitted });
}

/** The winner of a superseded attempt, from what is stored now. */
export async function findWinner<T>(
  { store, codec, clock, random }: Settings,
  id: string,
  endsAt: number,
): Promise<Superseded<T>['winner']> {
  for (let pauseMs = 20; ; pauseMs = Math.min(250, pauseMs * 2)) {
    const stored = await store.inspect(id).catch(() => undefined);
    if (stored?.state === 'done') return readOutcome<T>(codec, stored.outcome);
    const leftMs = endsAt - clock.now();
    if (stored?.state !== 'running' || leftMs <= 0) return undefined;
    await clock.sleep(Math.min(leftMs, pauseMs * (0.5 + random() / 2)));
  }
}
