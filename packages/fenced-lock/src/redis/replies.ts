import { FenceExhaustedError, StoreLayoutError } from '../errors.js';

/**
 * Reads a script's number, which is text where all sixteen digits count, and where a client was
 * told to make text of every number; any other text is the code of an error.
 */
export function readNumber(fn: string, reply: unknown, key: string): number {
  const number = Number(reply);
  if (!Number.isNaN(number)) return number;
  if (reply === 'FENCE_EXHAUSTED') throw new FenceExhaustedError(fn, '2^53 - 2');
  throw new StoreLayoutError(`${fn}: what is stored for ${JSON.stringify(key)} is not of layout 1`);
}
