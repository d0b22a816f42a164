import { requireKey, show } from '@gabion/contract';

/** A key and one of its salts; salt 0 is the plain key. */
export interface SaltedKey {
  readonly key: string;
  readonly salt: number;
}

/** The longest key, and so much more for the separator and the digits of a salt. */
const longestKey = 1_024;
const longestSuffix = 32;

/** The text of a salted key: the plain key for salt 0, else the key, the separator, the number. */
export function joinSalt(key: string, separator: string, salt: number): string {
  return salt === 0 ? key : `${key}${separator}${salt}`;
}

/**
 * Where the separator begins if a text ends in the separator and digits, else −1. No separator
 * has a digit in it, so there is one place at most.
 */
function separatorAt(text: string, separator: string): number {
  let end = text.length;
  while (end > 0 && isDigit(text.charCodeAt(end - 1))) end -= 1;
  if (end === text.length || !text.endsWith(separator, end)) return -1;
  return end - separator.length;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/**
 * Returns a user's key if no salted key looks like it; throws otherwise, for two keys would
 * silently become one.
 */
export function requirePlainKey(
  fn: string,
  argument: string,
  key: unknown,
  separator: string,
): string {
  const text = requireKey(fn, argument, key, longestKey);
  if (separatorAt(text, separator) < 0) return text;
  throw new RangeError(
    `${fn}: ${argument} must not end in the separator ${show(separator)} and digits, ` +
      `as salted keys do, got ${show(text)}`,
  );
}

/** Takes a salted key apart; throws for one that no salter with so many salts has made. */
export function splitSalt(
  fn: string,
  saltedKey: unknown,
  { separator, maxSalts }: { readonly separator: string; readonly maxSalts: number },
): SaltedKey {
  const text = requireKey(fn, 'saltedKey', saltedKey, longestKey + longestSuffix);
  const at = separatorAt(text, separator);
  if (at < 0) return { key: requireKey(fn, 'saltedKey', text, longestKey), salt: 0 };
  const digits = text.slice(at + separator.length);
  const salt = Number(digits);
  if (at > 0 && salt > 0 && salt < maxSalts && String(salt) === digits) {
    const key = requirePlainKey(fn, 'the key of saltedKey', text.slice(0, at), separator);
    return { key, salt };
  }
  throw new RangeError(
    `${fn}: saltedKey must end in a salt from 1 to ${maxSalts - 1}, got ${show(text)}`,
  );
}

/** Returns a separator if salted keys can be taken apart by it; throws otherwise. */
export function requireSeparator(fn: string, value: unknown): string {
  const separator = requireKey(fn, 'separator', value, 16);
  if (!/\d/.test(separator)) return separator;
  throw new RangeError(`${fn}: separator must have no digit in it, got ${show(separator)}`);
}
