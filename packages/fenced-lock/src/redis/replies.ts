import { FenceExhaustedError, StoreLayoutError } from '../errors.js';

/** Reads a script's fence, which is text of digits; any other text is the code of an error. */
export function readFence(fn: string, reply: string, key: string): number {
  const fence = Number(reply);
  if (!Number.isNaN(fence)) return fence;
  if (reply === 'FENCE_EXHAUSTED') throw new FenceExhaustedError(fn, '2^53 - 2');
  throw new StoreLayoutError(`${fn}: what is stored for ${JSON.stringify(key)} is not of layout 1`);
}
