import { requireKey, show } from '@gabion/contract';

/** The longest namespace, in UTF-16 code units. */
const longestNamespace = 48;

/** The namespace of whoever names none. */
export const defaultNamespace = 'default';

/** Checks a namespace, which every store of this package limits alike. */
export function requireNamespace(fn: string, namespace: unknown): string {
  const text = requireKey(fn, 'namespace', namespace, longestNamespace);
  if (text.isWellFormed()) return text;
  throw new RangeError(`${fn}: namespace must be well-formed Unicode, got ${show(text)}`);
}
