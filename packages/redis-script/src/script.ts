import { requireNumber, StoreUnavailableError } from '@gabion/contract';
import type { RedisClient } from './client.js';
import { whenReady } from './ready.js';

/** One run of a script. */
export interface ScriptCall {
  /** Every key that the script touches; on a cluster all of one slot. */
  readonly keys: readonly string[];
  /** Its other arguments. */
  readonly args: readonly (string | number)[];
  /** The longest wait for the reply, in milliseconds, above 0: connecting and resending included. */
  readonly timeoutMs: number;
  /** Ends the wait: the run rejects with the signal's reason. What was sent may still take effect. */
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

/** What one run has come to; `written` turns true just before the client is handed a command. */
interface Progress {
  written: boolean;
  over: boolean;
}

const longestTimerMs = 2 ** 31 - 1;

/**
 * Defines a Lua script. It travels by its SHA-1 (EVALSHA) and, when the server does not have it
 * (first use, SCRIPT FLUSH, restart, failover), once by its text; a server that answers NOSCRIPT
 * has done nothing, so the second sending cannot double the effect.
 *
 * @param definition - `name`, for errors, and `lua`, the text of the script.
 */
export function defineScript({ name, lua }: { name: string; lua: string }): RedisScript {
  let sha: string | undefined;

  async function send(redis: RedisClient, call: ScriptCall, progress: Progress): Promise<unknown> {
    // `wait` is a lazy client, which connects for its first command.
    if (redis.status !== 'ready' && redis.status !== 'wait') await whenReady(redis);
    sha ??= await sha1(lua);
    if (progress.over) return undefined;
    progress.written = true;
    try {
      return await redis.evalsha(sha, call.keys.length, ...call.keys, ...call.args);
    } catch (error) {
      if (progress.over || !isNoScript(error)) throw error;
      return redis.eval(lua, call.keys.length, ...call.keys, ...call.args);
    }
  }

  function run(redis: RedisClient, call: ScriptCall): Promise<unknown> {
    const { timeoutMs, signal } = call;
    requireNumber(name, 'timeoutMs', timeoutMs, { min: Number.MIN_VALUE });
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const progress: Progress = { written: false, over: false };
      const end = (settle: (outcome: unknown) => void, outcome: unknown) => {
        if (progress.over) return;
        progress.over = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        settle(outcome);
      };
      const unavailable = (what: string, cause?: unknown) => {
        const effect = progress.written ? 'unknown' : 'none';
        return new StoreUnavailableError(`${name}: ${what}`, effect, { cause });
      };
      const abort = () => end(reject, signal?.reason);
      const giveUp = () => end(reject, unavailable(`no reply within ${timeoutMs} ms`));
      // After a blocked event loop this timer fires before the socket is read. One turn of the
      // loop later, a reply that has long been there has been heard.
      const timer = setTimeout(() => nextTurn(giveUp), Math.min(timeoutMs, longestTimerMs));
      signal?.addEventListener('abort', abort, { once: true });
      send(redis, call, progress).then(
        (reply) => end(resolve, reply),
        (error) => end(reject, unavailable(messageOf(error), error)),
      );
    });
  }

  return Object.freeze({ name, run });
}

const nextTurn: (then: () => void) => void =
  typeof setImmediate === 'function' ? (then) => setImmediate(then) : (then) => setTimeout(then);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

/** The SHA-1 by which Redis knows a script, as hexadecimal digits. */
async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
