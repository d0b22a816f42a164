import { show } from '@gabion/contract';
import { escapeKeyPart, hashTag, type RedisClient, requireKeyPrefix } from '@gabion/redis-script';
import { defaultNamespace, requireNamespace } from '../namespace.js';

/** Where a lock's keys live. */
export interface PlaceOptions {
  /** Begins every key: 1 to 256 characters without braces. @defaultValue `'fenced-lock'` */
  readonly keyPrefix?: string | undefined;
  /**
   * One counter of fences and one cluster slot: 1 to 48 characters. Several namespaces are how
   * locks are spread over a cluster.
   * @defaultValue `'default'`
   */
  readonly namespace?: string | undefined;
  /**
   * The longest wait for one reply, in milliseconds from 1.
   * @defaultValue 1 000
   */
  readonly timeoutMs?: number | undefined;
}

/** The defaults of both Redis stores, and of `fencedSet`. */
export const placeDefaults = Object.freeze({
  keyPrefix: 'fenced-lock',
  namespace: defaultNamespace,
  timeoutMs: 1_000,
});

/** Checks that something is a client. */
export function requireRedis(fn: string, argument: string, redis: RedisClient): void {
  if (typeof redis?.evalsha === 'function') return;
  const wanted = 'an ioredis client or fromNodeRedis(client)';
  throw new TypeError(`${fn}: ${argument} must be ${wanted}, got ${show(redis)}`);
}

/** How the keys of a namespace begin: its tag alone decides their slot. */
export function leaseKeys(fn: string, keyPrefix: string, namespace: string) {
  const tag = hashTag(requireNamespace(fn, namespace));
  const start = `${requireKeyPrefix(fn, keyPrefix)}:${tag}:`;
  return { lease: `${start}lease:`, counter: `${start}fence` };
}

/**
 * The key of a name's mark, in the slot of the name itself, so that a script may touch both: the
 * mark's tag is what Redis hashes of the name. Returns `undefined` for a name that no tag can
 * follow: one with a `}` and without a tag of its own.
 */
export function markKey(prefix: string, namespace: string, name: string): string | undefined {
  const tag = hashedPart(name);
  if (tag.includes('}')) return undefined;
  // Colons too, so that a namespace cannot end where a name begins.
  const place = escapeKeyPart(namespace).replaceAll(':', '%3A');
  return `${prefix}:{${tag}}:mark:${place}:${name}`;
}

/** The mark of a name that no key can stand beside: anywhere will do, as long as it is its own. */
export function unplaced(prefix: string, namespace: string, name: string): string {
  return `${prefix}:{${encodeURIComponent(name)}}:far:${encodeURIComponent(namespace)}`;
}

/** The part of a key that a cluster hashes: what stands between its first braces, else all. */
function hashedPart(key: string): string {
  const open = key.indexOf('{');
  const close = open === -1 ? -1 : key.indexOf('}', open + 1);
  return close > open + 1 ? key.slice(open + 1, close) : key;
}
