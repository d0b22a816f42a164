import { FenceExhaustedError, StoreLayoutError } from '../errors.js';

/** Reads a script's number; a text in its place is the code of an error. */
export function readNumber(fn: string, reply: unknown, key: string): number {
  if (typeof reply === 'number') return reply;
  if (reply === 'FENCE_EXHAUSTED') throw new FenceExhaustedError(fn, '2^53 - 2');
  throw new StoreLayoutError(`${fn}: what is stored for ${JSON.stringify(key)} is not of layout 1`);
}
