/**
 * The fence of the next attempt: greater than that of the attempt before it, and, when the record
 * was lost and is made anew, than every fence it can have had, since attempts at one key are more
 * than a microsecond apart.
 *
 * @param previous - The fence of the abandoned attempt; 0 where there is no record.
 * @param serverUs - The store's wall clock, in whole microseconds.
 */
export function nextFence(previous: number, serverUs: number): number {
  return Math.max(previous + 1, serverUs);
}
