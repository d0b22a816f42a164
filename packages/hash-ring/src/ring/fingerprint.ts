import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import type { Placement, RingMember, RingSettings } from './members.js';

/**
 * The SHA-256 of a JSON text of all that decides an answer, in an order that does not depend on
 * how the ring came about: whoever has the same one answers the same.
 */
export function fingerprintOf(
  algorithm: string,
  members: readonly RingMember[],
  { seed, pins, vnodes }: Placement & Partial<RingSettings>,
): string {
  const nodes = members.map(({ id, weight, zone }) => [id, weight, zone ?? null]);
  const text = JSON.stringify([algorithm, seed, vnodes ?? null, nodes, [...pins]]);
  return bytesToHex(sha256(utf8ToBytes(text)));
}
