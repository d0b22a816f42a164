import { requireKey, show } from '@gabion/contract';

const escaped: Readonly<Record<string, string>> = { '%': '%25', '{': '%7B', '}': '%7D' };

/**
 * Writes any text into a part of a Redis key so that it cannot steer the slot: `{`, `}` and `%`
 * become `%7B`, `%7D` and `%25`; everything else stays as it is. Different texts stay different.
 *
 * @throws RangeError for a lone surrogate, which UTF-8 cannot carry: two such texts would become
 * one key.
 */
export function escapeKeyPart(text: string): string {
  if (!text.isWellFormed()) {
    throw new RangeError(`escapeKeyPart: text must be well-formed Unicode, got ${show(text)}`);
  }
  return /[%{}]/.test(text) ? text.replace(/[%{}]/g, (brace) => escaped[brace] ?? brace) : text;
}

/** The part of a key that alone decides its slot on a cluster: the escaped text in braces. */
export function hashTag(text: string): string {
  return `{${escapeKeyPart(text)}}`;
}

/**
 * Returns the prefix if it is fit to begin keys; braces in it would decide the slot of them all.
 *
 * @throws TypeError | RangeError when it is not a text of 1 to 256 characters without braces.
 */
export function requireKeyPrefix(fn: string, keyPrefix: unknown): string {
  const prefix = requireKey(fn, 'keyPrefix', keyPrefix, 256);
  if (/[{}]/.test(prefix) || !prefix.isWellFormed()) {
    throw new RangeError(`${fn}: keyPrefix must have no braces, got ${show(prefix)}`);
  }
  return prefix;
}
