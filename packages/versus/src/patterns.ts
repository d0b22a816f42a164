import type { Pattern } from './report.js';

/** Every pattern that has peers to be compared with, loaded only when it is asked for. */
export const patterns: Readonly<Record<string, () => Promise<Pattern>>> = {
  'fenced-lock': async () => (await import('./fenced-lock/pattern.js')).fencedLock,
  'hash-ring': async () => (await import('./hash-ring/pattern.js')).hashRing,
  'retry-budget': async () => (await import('./retry-budget/pattern.js')).retryBudget,
  'token-bucket': async () => (await import('./token-bucket/pattern.js')).tokenBucket,
};
