import { randomBytes } from 'node:crypto';

/**
 * A name that no other run uses, for the keys or the schema of one test on a shared server.
 *
 * It is made of `[a-z0-9_]` only, so that it needs no quotes as a PostgreSQL schema, no escape
 * in a Redis `MATCH` pattern, and cannot open a hash tag.
 */
export function randomPrefix(): string {
  return `gabion_test_${randomBytes(6).toString('hex')}`;
}
