import { randomUUID } from 'node:crypto';
import { defineScript, type RedisScript, StoreUnavailableError } from '../src/index.js';

/** A script that no server has met: another comment makes it another script. */
export function newScript(lua: string): RedisScript {
  return defineScript({ name: 'counter', lua: `${lua} -- ${randomUUID()}` });
}

/** Counts how often it took effect. */
export const increment = "return redis.call('INCR', KEYS[1])";

/** What a run was rejected with. */
export async function failureOf(run: Promise<unknown>): Promise<StoreUnavailableError> {
  const failure = await run.then(
    (reply) => new Error(`it was answered: ${JSON.stringify(reply)}`),
    (error: unknown) => error,
  );
  if (failure instanceof StoreUnavailableError) return failure;
  throw failure;
}
