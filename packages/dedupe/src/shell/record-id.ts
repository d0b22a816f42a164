import { requireKey, show } from '@gabion/contract';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/** What is to happen once. */
export interface Identity {
  /**
   * Whose it is: a tenant, a user, a consumer of messages. Two scopes never see each other's
   * outcomes.
   */
  readonly scope: string;
  /** What is done: a route, a command, a topic. */
  readonly operation: string;
  /** Which one: the idempotency key, the id of a message. */
  readonly key: string;
  /** What the request looks like: the same key with another fingerprint is a `mismatch`. */
  readonly fingerprint?: string | undefined;
}

/** The longest part of an identity, in UTF-16 code units. */
const longestPart = 1_024;

/** Checks an identity, and throws an error that names the part. */
export function requireIdentity(fn: string, id: Identity): Required<Identity> {
  if (typeof id !== 'object' || id === null) {
    throw new TypeError(`${fn}: id must be an object, got ${show(id)}`);
  }
  const part = (argument: 'scope' | 'operation' | 'key') => {
    const text = requireKey(fn, argument, id[argument], longestPart);
    if (text.isWellFormed()) return text;
    throw new RangeError(`${fn}: ${argument} must be well-formed Unicode, got ${show(text)}`);
  };
  const { fingerprint } = id;
  if (fingerprint !== undefined) requireKey(fn, 'fingerprint', fingerprint, 256);
  return {
    scope: part('scope'),
    operation: part('operation'),
    key: part('key'),
    fingerprint: fingerprint ?? '',
  };
}

/**
 * The key of the record: SHA-256 of all parts, each with its length before it, so that no two
 * identities are one text.
 */
export function recordId(name: string, { scope, operation, key }: Identity): string {
  const parts = [name, scope, operation, key].map((part) => `${part.length}:${part}`);
  return bytesToHex(sha256(utf8ToBytes(parts.join(''))));
}
