import { requireKey, show } from '@gabion/contract';

/** PostgreSQL cuts longer names off, in bytes, and so makes different ones the same. */
const longestName = 63;

/**
 * Returns the schema's name if it is plain: 1 to 63 of `a`–`z`, `0`–`9` and `_`, no digit first.
 * Such a name means the same quoted and not, so that it is also what an operator types.
 *
 * @throws TypeError when it is no text.
 * @throws RangeError when it is not plain, or begins with `pg_`, which PostgreSQL keeps to itself.
 */
export function requireSchema(fn: string, schema: unknown): string {
  const name = requireKey(fn, 'schema', schema, longestName);
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) {
    const wanted = 'schema must be of a-z, 0-9 and _, and not begin with a digit';
    throw new RangeError(`${fn}: ${wanted}, got ${show(name)}`);
  }
  if (name.startsWith('pg_')) {
    throw new RangeError(`${fn}: schema must not begin with pg_, got ${show(name)}`);
  }
  return name;
}

/**
 * Writes any text as an identifier that stands for itself: in quotes, with those in it doubled.
 *
 * @throws RangeError when it is empty, longer than the 63 bytes of UTF-8 that PostgreSQL keeps of
 * a name, or holds a NUL or a lone surrogate, which it cannot.
 */
export function quoteIdentifier(text: string): string {
  const bytes = text.isWellFormed() ? new TextEncoder().encode(text).length : 0;
  if (bytes === 0 || bytes > longestName || text.includes('\0')) {
    const wanted = `text must be 1 to ${longestName} bytes of well-formed Unicode without NUL`;
    throw new RangeError(`quoteIdentifier: ${wanted}, got ${show(text)}`);
  }
  return `"${text.replaceAll('"', '""')}"`;
}

/** Writes a text as a literal between dollars. */
export function quoteText(text: string): string {
  let count = 0;
  let tag = '$q0$';
  // Not only where the tag is in the text: `$q0` and the tag after it would end the literal early.
  while (`${text}${tag}`.indexOf(tag) < text.length) {
    count += 1;
    tag = `$q${count}$`;
  }
  return `${tag}${text}${tag}`;
}
