import { type Outcome, outcome, type Scenario } from '../behaviour.js';
import { endingWithin } from '../outcome-in-time.js';
import type { Run, Subject } from './subjects.js';

const dayMs = 24 * 60 * 60 * 1_000;
const fail = async () => {
  throw new Error('out of order');
};

/** Waits until the event loop has turned a few times, so that whoever sleeps is asleep. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise(setImmediate);
}

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

async function abortInBackoff({ open, noSignal }: Subject): Promise<Outcome> {
  if (noSignal !== undefined) return { verdict: 'n/a', note: noSignal };
  const controller = new AbortController();
  const reason = new Error('the client has gone');
  const call = open({ maxAttempts: 2, backoffMs: 3_000 })(fail, controller.signal);
  const silenced = call.catch((error: unknown) => Promise.reject(error));
  silenced.catch(() => {});
  await settle();
  controller.abort(reason);
  const ending = await endingWithin(1_000, silenced);
  if (ending.status !== 'failed') return outcome(false, 'waits the backoff out');
  const isReason = ending.error === reason;
  return outcome(isReason && ending.tookMs < 100, isReason ? 'at once' : 'at once, another error');
}

async function noTimerIsLeft({ open, noSignal }: Subject): Promise<Outcome> {
  if (noSignal !== undefined) return { verdict: 'n/a', note: noSignal };
  const controller = new AbortController();
  await settle();
  const before = timers();
  const run = open({ maxAttempts: 2, backoffMs: 3_000 });
  const calls = Array.from({ length: 100 }, () => run(fail, controller.signal).catch(() => {}));
  await settle();
  controller.abort();
  await settle();
  const left = timers() - before;
  await Promise.all(calls);
  // A timer of somebody else may come or go meanwhile.
  return outcome(left < 10, `${Math.max(0, left)} of 100`);
}

async function succeedsAfter(run: Run, thrown: unknown): Promise<boolean> {
  let attempts = 0;
  const call = run(async () => {
    attempts += 1;
    if (attempts < 3) throw thrown;
    return 'well';
  });
  const ending = await endingWithin(500, call);
  return ending.status === 'answered' && attempts === 3;
}

async function failsWith(run: Run, thrown: unknown): Promise<boolean> {
  const ending = await endingWithin(
    500,
    run(async () => {
      throw thrown;
    }),
  );
  return ending.status === 'failed' && ending.error === thrown;
}

const falsy: readonly unknown[] = [undefined, null, 0, '', false];

async function falsyRejections({ open }: Subject): Promise<Outcome> {
  let right = 0;
  let crashes = 0;
  const crash = () => {
    crashes += 1;
  };
  process.on('unhandledRejection', crash).on('uncaughtException', crash);
  for (const value of falsy) {
    const run = open({ maxAttempts: 3, backoffMs: 1 });
    if ((await succeedsAfter(run, value)) && (await failsWith(run, value))) right += 1;
  }
  process.off('unhandledRejection', crash).off('uncaughtException', crash);
  const note = `${right} of ${falsy.length}`;
  return outcome(right === falsy.length, crashes === 0 ? note : `${note}, ends the process`);
}

async function nestedLayers({ open }: Subject): Promise<Outcome> {
  let attempts = 0;
  const layer = () => open({ maxAttempts: 4, backoffMs: 1 });
  const [outer, middle, inner] = [layer(), layer(), layer()];
  const bottom = async () => {
    attempts += 1;
    return fail();
  };
  await outer(() => middle(() => inner(bottom))).catch(() => {});
  return outcome(attempts === 4, `${attempts}`);
}

async function outage({ open }: Subject): Promise<Outcome> {
  let attempts = 0;
  const run = open({ maxAttempts: 4, backoffMs: 1 });
  const one = () => {
    attempts += 1;
    return fail();
  };
  await Promise.allSettled(Array.from({ length: 1_000 }, () => run(one)));
  return outcome(attempts <= 1_010, `${attempts}`);
}

async function longBackoff({ open }: Subject): Promise<Outcome> {
  let attempts = 0;
  const controller = new AbortController();
  const call = open({ maxAttempts: 5, backoffMs: 30 * dayMs })(() => {
    attempts += 1;
    return fail();
  }, controller.signal);
  await endingWithin(200, call);
  controller.abort();
  return outcome(attempts === 1, `${attempts} in 200 ms`);
}

async function stuckAttempt({ open }: Subject): Promise<Outcome> {
  const run = open({ maxAttempts: 2, backoffMs: 1, deadlineMs: 100 });
  const { status, tookMs } = await endingWithin(
    1_000,
    run(() => new Promise<void>(() => {})),
  );
  return outcome(status === 'failed', status === 'silent' ? 'silent' : spoken(tookMs));
}

async function hopelessBackoff({ open }: Subject): Promise<Outcome> {
  const run = open({ maxAttempts: 2, backoffMs: 2_000, deadlineMs: 500 });
  const { tookMs } = await endingWithin(5_000, run(fail));
  return outcome(tookMs < 250, spoken(tookMs));
}

const spoken = (ms: number) => (ms < 50 ? 'at once' : `after ${Math.round(ms / 100) / 10} s`);

/** What should hold of everyone who retries a call. */
export const callScenarios: readonly Scenario<Subject>[] = [
  { claim: '1 000 calls at once in a total outage: at most 1 010 attempts', run: outage },
  { claim: 'three layers of four attempts: 4 calls at the bottom, not 64', run: nestedLayers },
  { claim: 'an abort in the backoff: its own reason, at once', run: abortInBackoff },
  { claim: 'and no timer is left', run: noTimerIsLeft },
  {
    claim: 'undefined, null, 0, "" and false are retried, and thrown as they are',
    run: falsyRejections,
  },
  { claim: 'a backoff of 30 days does not fire at once', run: longBackoff },
  { claim: 'a deadline of 100 ms ends an attempt that hangs', run: stuckAttempt },
  { claim: 'a backoff past the deadline fails at once, not after it', run: hopelessBackoff },
];
