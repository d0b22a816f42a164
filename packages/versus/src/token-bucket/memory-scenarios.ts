import { setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, outcome, type Scenario } from '../behaviour.js';
import { withFakeTime } from '../fake-time.js';
import { bytesInUse } from '../heap.js';
import { renderCell } from '../render.js';
import { maxKeys, type Opened, type Subject } from './subjects.js';

const key = 'user:42';
const dayMs = 24 * 60 * 60 * 1_000;

/** Takes one at a time until it is refused, and says how often it was not. */
async function drain({ take }: Opened): Promise<number> {
  for (let taken = 0; ; taken += 1) {
    if (!(await take(key)).allowed) return taken;
  }
}

/** The end of one window and the beginning of the next lie next to each other. */
function boundary({ open }: Subject): Promise<Outcome> {
  return withFakeTime(async (time) => {
    const limiter = open({ tokens: 100, everyMs: 1_000 });
    await limiter.take(key);
    time.advance(950);
    const before = await drain(limiter);
    time.advance(51);
    const admitted = before + (await drain(limiter));
    return outcome(admitted <= 105, `${admitted} in 51 ms`);
  });
}

/** A timer of Node holds 24.8 days; a longer one fires at once. */
export async function longWindow({ open }: Pick<Subject, 'open'>): Promise<Outcome> {
  const { take } = open({ tokens: 1, everyMs: 30 * dayMs });
  let admitted = 0;
  for (let i = 0; i < 20; i += 1) {
    if ((await take(key)).allowed) admitted += 1;
    await sleep(5);
  }
  return outcome(admitted === 1, `${admitted} of 20`);
}

function due(missing: number): Outcome {
  const note = missing > 0 ? `${missing} too few` : `${-missing} too many`;
  return outcome(missing === 0, missing === 0 ? 'exact' : note);
}

/** Someone who takes whatever there is, at the very milliseconds at which a token is due. */
function longRun({ open }: Subject): Promise<Outcome> {
  return withFakeTime(async (time) => {
    const limiter = open({ tokens: 3, everyMs: 1_000 });
    let admitted = await drain(limiter);
    for (let token = 1; token <= 99_999; token += 1) {
      time.advance(Math.ceil((token * 1_000) / 3) - time.nowMs);
      admitted += await drain(limiter);
    }
    return due(3 + 99_999 - admitted);
  });
}

/** Someone who asks at every millisecond, so that every rounding of a refill counts. */
function everyMillisecond({ open }: Subject): Promise<Outcome> {
  return withFakeTime(async (time) => {
    const limiter = open({ tokens: 3, everyMs: 1_000 });
    let admitted = await drain(limiter);
    while (time.nowMs < 100_000) {
      time.advance(1);
      admitted += await drain(limiter);
    }
    return due(3 + 300 - admitted);
  });
}

/** A thousand times: empty it, wait as long as it says, take; and never sooner. */
function retryAfter({ open }: Subject): Promise<Outcome> {
  return withFakeTime(async (time) => {
    const limiter = open({ tokens: 7, everyMs: 60_000 });
    let wrong = 0;
    for (let i = 0; i < 1_000; i += 1) {
      await drain(limiter);
      const { retryAfterMs } = await limiter.take(key);
      time.advance(retryAfterMs - 1);
      const tooEarly = await limiter.take(key);
      time.advance(1);
      const inTime = await limiter.take(key);
      if (tooEarly.allowed || !inTime.allowed) wrong += 1;
      // The next round begins at another fraction of the period.
      time.advance(i);
    }
    return outcome(wrong === 0, `${wrong} of 1 000 off`);
  });
}

/** Five are left; eight are refused; one must still be there. */
export async function refusalTakesNothing(
  subject: Pick<Subject, 'open' | 'noCost'>,
): Promise<Outcome> {
  if (subject.noCost !== undefined) return { verdict: 'n/a', note: subject.noCost };
  const { take } = subject.open({ tokens: 10, everyMs: 60_000 });
  const first = await take(key, 5);
  const tooMuch = await take(key, 8);
  if (!first.allowed || tooMuch.allowed) throw new Error('10 tokens are not what they should be');
  const { allowed } = await take(key, 1);
  return outcome(allowed, allowed ? '5 left after it' : '0 of 5 left after it');
}

/** How many of ten a second someone gets in ten seconds who asks again after `pauseMs`. */
function admittedTo({ open }: Subject, pauseMs: (retryAfterMs: number) => number): Promise<number> {
  return withFakeTime(async (time) => {
    const limiter = open({ tokens: 10, everyMs: 1_000 });
    let admitted = 0;
    while (time.nowMs <= 10_000) {
      const { allowed, retryAfterMs } = await limiter.take(key);
      if (allowed) admitted += 1;
      else time.advance(pauseMs(retryAfterMs));
    }
    return admitted;
  });
}

async function hammering(subject: Subject): Promise<Outcome> {
  const patient = await admittedTo(subject, (retryAfterMs) => Math.max(1, retryAfterMs));
  const impatient = await admittedTo(subject, () => 1);
  // A rounding, which costs at most a token, is no punishment; it is judged above.
  return outcome(impatient >= patient - 1, `${impatient}, patient ${patient}`);
}

async function oddKeys({ open }: Subject): Promise<Outcome> {
  const { take } = open({ tokens: 1, everyMs: 60_000 });
  const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  let right = 0;
  for (const text of odd) {
    const [first, second] = [await take(text), await take(text)];
    if (first.allowed && !second.allowed) right += 1;
  }
  return outcome(right === odd.length, `${right} of ${odd.length}`);
}

/** As many keys, each asked for once, by someone who has as many addresses. */
export async function hostileKeys({ open, noKeys }: Subject, count = 1_000_000): Promise<Outcome> {
  if (noKeys !== undefined) return { verdict: 'n/a', note: noKeys };
  const { take } = open({ tokens: 1, everyMs: dayMs });
  await take('first');
  const before = bytesInUse();
  for (let i = 0; i < count; i += 1) await take(`hostile:${i}`);
  const grownMb = (bytesInUse() - before) / 1e6;
  // One more, so that nothing of it can be collected before it is measured.
  await take('last');
  return outcome(grownMb < 16, `${Math.max(0, Math.round(grownMb))} MB more`);
}

/** What should hold of every limiter in this process. */
export const memoryScenarios: readonly Scenario<Subject>[] = [
  { claim: '100 a second: at most 105 in any 51 ms', run: boundary },
  { claim: '1 in 30 days: 1 of 20 takes', run: longWindow },
  { claim: '3 a second, taken when due: 100 002 in 33 333 s', run: longRun },
  { claim: '3 a second, asked at every ms: 303 in 100 s', run: everyMillisecond },
  { claim: 'the wait that it names suffices, and no shorter one', run: retryAfter },
  { claim: 'a refusal takes nothing', run: refusalTakesNothing },
  { claim: 'hammering for 10 s gets no less than waiting', run: hammering },
  { claim: 'a key like __proto__ is a key like any other', run: oddKeys },
  {
    claim: 'a million hostile keys do not fill the memory',
    run: (subject) => hostileKeys(subject),
  },
];

/** What a reader of the table must know. */
export const memoryNotes = [
  'Time is set from outside wherever it passes, but for the 30 days, which hang on real timers. ' +
    `gabion may keep ${renderCell(maxKeys)} keys; a peer has no such bound.`,
  'express-rate-limit warns at its start that its memory store holds windows up to 24.8 days.',
];
