import { requireNumber } from '@gabion/contract';
import type { RedisClient } from './client.js';
import { whenReady } from './ready.js';
import { Run } from './run.js';

/** One run of a script. */
export interface ScriptCall {
  /** Every key that the script touches; on a cluster all of one slot. */
  readonly keys: readonly string[];
  /** Its other arguments. */
  readonly args: readonly (string | number)[];
  /** The longest wait for the reply, in milliseconds above 0, connecting included. */
  readonly timeoutMs: number;
  /** Ends the wait: the run rejects with its reason. What was sent may still take effect. */
  readonly signal?: AbortSignal | undefined;
}

/** A Lua script and how to run it. */
export interface RedisScript {
  /** What the script is called in errors. */
  readonly name: string;
  /**
   * Runs the script once and resolves with its reply.
   *
   * @throws StoreUnavailableError with `effect: 'none'` when nothing was written to the socket,
   * else `'unknown'`; `cause` is the client's or the server's own error.
   */
  run(redis: RedisClient, call: ScriptCall): Promise<unknown>;
}

/**
 * Defines a Lua script. It travels by its SHA-1 (EVALSHA) and, when the server does not have it
 * (first use, SCRIPT FLUSH, restart, failover), once by its text; a server that answers NOSCRIPT
 * has done nothing, so the second sending cannot double the effect.
 *
 * @param definition - `name`, for errors, and `lua`, the text of the script.
 */
export function defineScript({ name, lua }: { name: string; lua: string }): RedisScript {
  let sha: string | undefined;

  async function makeReady(redis: RedisClient): Promise<string> {
    sha ??= await sha1(lua);
    if (redis.status !== 'ready') await whenReady(redis);
    return sha;
  }

  return Object.freeze({
    name,
    run(redis: RedisClient, call: ScriptCall): Promise<unknown> {
      requireNumber(name, 'timeoutMs', call.timeoutMs, { min: Number.MIN_VALUE });
      return new Promise((resolve, reject) => {
        if (call.signal?.aborted) return reject(call.signal.reason);
        const run = new Run(name, lua, call, resolve, reject);
        if (sha !== undefined && redis.status === 'ready') run.send(redis, sha);
        else {
          makeReady(redis).then(
            (known) => run.send(redis, known),
            (error) => run.fail(error),
          );
        }
      });
    },
  });
}

/** The SHA-1 by which Redis knows a script, as hexadecimal digits. */
async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
