import type { Stage } from '@gabion-examples/tour/stop';
import type { Redis } from 'ioredis';
import { type Load, tourLoad } from '../load.js';

/** The load of the tour on a server of half the size, for a shorter time. */
export const quickLoad: Load = {
  ...tourLoad,
  runMs: 2_400,
  floodAtMs: 300,
  workers: 3,
  obedient: 3,
  connections: 20,
};

/** A stage without a screen. */
export function stageOn(
  redis?: Redis,
  { keyPrefix = 'stage', signal = new AbortController().signal }: Partial<Stage> = {},
): Stage {
  return { redis, keyPrefix, signal, phase: (_title, work) => work(() => undefined) };
}
