import type { Load } from './load.js';
import type { Call, Run } from './run.js';

/** How fine time is looked at, in milliseconds. */
export const windowMs = 250;

/** How many calls were answered in each window, a second. */
export function goodput(load: Load, { calls }: Run): number[] {
  const windows = Array<number>(Math.ceil(load.runMs / windowMs)).fill(0);
  for (const { outcome, endedAtMs } of calls) {
    const window = Math.floor(endedAtMs / windowMs);
    if (outcome === 'answered' && window < windows.length) {
      windows[window] = (windows[window] as number) + 1_000 / windowMs;
    }
  }
  return windows;
}

/**
 * Which part of the calls that began between two moments was answered before the run was over; 1
 * where none began.
 */
export function answeredShare({ calls, begunAtMs }: Run, fromMs: number, toMs: number): number {
  const isThen = (atMs: number) => atMs >= fromMs && atMs < toMs;
  const begun = begunAtMs.filter(isThen).length;
  const answered = calls.filter((call) => call.outcome === 'answered' && isThen(call.beganAtMs));
  return begun === 0 ? 1 : answered.length / begun;
}

/** The same, of the last second whose calls had time for an answer. */
export function lastShare({ runMs, timeoutMs }: Load, run: Run): number {
  return answeredShare(run, runMs - timeoutMs - 1_000, runMs - timeoutMs);
}

/**
 * How long after the service was itself again nine of ten calls were answered, in every window from
 * then on, in milliseconds; `undefined` when that was not so before the end.
 */
export function recoveredAfterMs(load: Load, run: Run): number | undefined {
  const untilMs = load.runMs - load.timeoutMs;
  let recoveredAtMs: number | undefined;
  for (let fromMs = load.slowToMs; fromMs + windowMs <= untilMs; fromMs += windowMs) {
    if (answeredShare(run, fromMs, fromMs + windowMs) < 0.9) recoveredAtMs = undefined;
    else recoveredAtMs ??= fromMs;
  }
  return recoveredAtMs === undefined ? undefined : recoveredAtMs - load.slowToMs;
}

/** Requests per call, since the service became slow. */
export function amplification({ slowFromMs }: Load, { sentAtMs, begunAtMs }: Run): number {
  const since = (all: readonly number[]) => all.filter((atMs) => atMs >= slowFromMs).length;
  return since(sentAtMs) / Math.max(1, since(begunAtMs));
}

/** How many requests were retries: each call sends one that is none. */
export function retries({ sentAtMs, begunAtMs }: Run): number {
  return sentAtMs.length - begunAtMs.length;
}

/** The longest line that was seen at the service. */
export function longestLine({ line }: Run): number {
  return Math.max(0, ...line.map(({ queued }) => queued));
}

/** How many calls of a kind there were. */
export function count({ calls }: Run, outcome: Call['outcome']): number {
  return calls.filter((call) => call.outcome === outcome).length;
}
