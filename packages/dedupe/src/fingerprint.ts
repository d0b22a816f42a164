import { show } from '@gabion/contract';
import canonicalizeModule from 'canonicalize';

/** The library is CommonJS, and its types say that it is not: what is imported is the function. */
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;

/**
 * Fingerprints a JSON value: the order of its members does not matter, everything else does.
 * Members that are `undefined` are absent, as in JSON.
 *
 * @returns `v1:` and the SHA-256 of the value's canonical form (RFC 8785) as hexadecimal digits.
 * @throws TypeError for what JSON would drop or change without a word: a Map, a Date, a bigint,
 * NaN, a function, a hole; RangeError for text that is not well-formed Unicode.
 */
export async function fingerprint(value: unknown): Promise<string> {
  refuseWhatJsonLoses(value, 'value', new Set());
  const bytes = new TextEncoder().encode(canonicalize(value));
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
  return `v1:${hex.join('')}`;
}

function refuseWhatJsonLoses(value: unknown, path: string, above: Set<object>): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') {
    requireWellFormed(value, path);
    return;
  }
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'object' || above.has(value) || !isPlain(value)) {
    throw new TypeError(`fingerprint: ${path} must be JSON, got ${show(value)}`);
  }
  above.add(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) refuseWhatJsonLoses(value[i], `${path}[${i}]`, above);
  } else {
    for (const [name, member] of Object.entries(value)) {
      requireWellFormed(name, path);
      if (member !== undefined) refuseWhatJsonLoses(member, `${path}.${name}`, above);
    }
  }
  above.delete(value);
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function requireWellFormed(text: string, path: string): void {
  if (text.isWellFormed()) return;
  throw new RangeError(`fingerprint: ${path} must be well-formed Unicode, got ${show(text)}`);
}
