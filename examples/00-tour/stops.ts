// By path: every example depends on this package for its frame, and packages may not form a ring.
import { stop as httpRateLimit } from '../01-http-rate-limit/stop.js';
import { stop as leaderAndZombie } from '../02-leader-and-zombie/stop.js';
import { stop as retryStorm } from '../04-retry-storm/stop.js';
import { stop as hotPartition } from '../06-hot-partition/stop.js';
import type { TourStop } from './stop.js';

/** Every stop, in the order of the tour. */
export const stops: readonly TourStop[] = [
  httpRateLimit,
  leaderAndZombie,
  retryStorm,
  hotPartition,
];
