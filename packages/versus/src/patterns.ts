import type { Pattern } from './report.js';

/** Every pattern that has peers to be compared with, loaded only when it is asked for. */
export const patterns: Readonly<Record<string, () => Promise<Pattern>>> = {
  'token-bucket': async () => (await import('./token-bucket/pattern.js')).tokenBucket,
};
