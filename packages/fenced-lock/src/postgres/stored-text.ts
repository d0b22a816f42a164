/** Longer keys could exceed what an index takes: 2 704 bytes, of which UTF-8 needs 3 for each. */
const longestInFull = 800;

/**
 * Writes any text as one that PostgreSQL takes: it has no NUL. Different texts stay different, and
 * nearly all stay what they are.
 */
export function storedText(text: string): string {
  if (!/[\\\0]/.test(text)) return text;
  return text.replace(/[\\\0]/g, (sign) => (sign === '\0' ? '\\0' : '\\\\'));
}

/** Writes a key or a name as one that an index takes: a long one by its SHA-256. */
export async function storedKey(key: string): Promise<string> {
  if (key.length <= longestInFull) return storedText(key);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
  // No text in full has a lone backslash before a `#`.
  return `\\#${hex.join('')}`;
}
