import { FenceExhaustedError } from '../errors.js';

/** The largest fencing token: beyond it a double rounds, and two grants could share a token. */
export const largestFence = Number.MAX_SAFE_INTEGER;

/**
 * The fencing token of the next grant: greater than every token before it, than the caller's
 * floor, and than every token that a counter lost by now can have reached, since no counter gains
 * more than one in a microsecond.
 *
 * @param previous - The namespace's counter: the last token granted, 0 if it knows of none.
 * @param serverUs - The store's wall clock, in whole microseconds.
 * @param floor - A token known to have been granted, as a guard reported it; else 0.
 * @throws FenceExhaustedError beyond 2^53 − 1.
 */
export function nextFence(previous: number, serverUs: number, floor: number): number {
  // `previous` itself may be read from a store that another wrote to: compared before adding.
  const highest = Math.max(previous, serverUs - 1, floor);
  if (highest >= largestFence) throw new FenceExhaustedError('nextFence', highest);
  return highest + 1;
}
