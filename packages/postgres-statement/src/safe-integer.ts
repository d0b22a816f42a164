import { show } from '@gabion/contract';

/**
 * Reads a column of type bigint, which pg gives as text, PGlite as a number or a bigint, and a
 * client with a type parser of its own as a number that may have been rounded.
 *
 * @returns The same integer, from -(2^53 - 1) to 2^53 - 1.
 * @throws TypeError when it is no integer.
 * @throws RangeError when a number cannot hold it, rather than the nearest that it can.
 */
export function safeInteger(value: unknown): number {
  const written = typeof value === 'string' && /^-?\d+$/.test(value);
  if (!written && typeof value !== 'bigint' && !Number.isInteger(value)) {
    throw new TypeError(`safeInteger: value must be an integer, got ${show(value)}`);
  }
  const integer = Number(value);
  if (!Number.isSafeInteger(integer)) {
    throw new RangeError(`safeInteger: value must be within ±(2^53 - 1), got ${show(value)}`);
  }
  return integer;
}
