import type { Stage } from '@gabion-examples/tour/stop';
import { type Load, tourLoad } from '../load.js';

/** The load of the tour with a quarter of the events, in less time. */
export const quickLoad: Load = { ...tourLoad, events: 16_000, keys: 1_000, serviceUs: 20 };

/** A stage without a screen. */
export function stageOn({
  signal = new AbortController().signal,
  phase = (_title, work) => work(() => undefined),
}: Partial<Stage> = {}): Stage {
  return { redis: undefined, keyPrefix: 'stage', signal, phase };
}
