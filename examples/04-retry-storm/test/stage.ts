import type { Stage } from '@gabion-examples/tour/stop';
import { type Load, tourLoad } from '../load.js';
import type { Call, Run } from '../run.js';

/** The load of the tour, watched for a shorter time. */
export const quickLoad: Load = { ...tourLoad, slowFromMs: 400, slowToMs: 1_400, runMs: 4_250 };

/** A stage without a screen. */
export function stage(signal: AbortSignal = new AbortController().signal): Stage {
  const phase: Stage['phase'] = (_title, work) => work(() => undefined);
  return { redis: undefined, keyPrefix: 'stage', signal, phase };
}

/** A call that was answered at the first attempt, unless it is told otherwise. */
export function callAt(beganAtMs: number, given: Partial<Call> = {}): Call {
  return { beganAtMs, endedAtMs: beganAtMs + 10, attempts: 1, outcome: 'answered', ...given };
}

/** A run of these calls, each over, with these requests sent. */
export function runOf(calls: readonly Call[], given: Partial<Run> = {}): Run {
  return {
    begunAtMs: calls.map(({ beganAtMs }) => beganAtMs),
    calls,
    sentAtMs: calls.flatMap(({ beganAtMs, attempts }) => Array<number>(attempts).fill(beganAtMs)),
    served: { inTime: 0, forNobody: 0 },
    line: [],
    ...given,
  };
}

/** A call every ten milliseconds of a run of the tour, each as it is told. */
export function steadily(becomes: (atMs: number) => Partial<Call>): Call[] {
  const times = Array.from({ length: tourLoad.runMs / 10 }, (_, i) => i * 10);
  return times.map((atMs) => callAt(atMs, becomes(atMs)));
}
