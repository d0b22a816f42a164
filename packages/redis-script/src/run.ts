import { StoreUnavailableError } from '@gabion/contract';
import type { RedisClient } from './client.js';
import type { ScriptCall } from './script.js';

const longestTimerMs = 2 ** 31 - 1;

/**
 * One run of a script, which ends once: by a reply, an error, the deadline or the caller's abort,
 * whichever comes first. A class, since it is made for every call and its methods are then shared.
 */
export class Run {
  private over = false;
  /** True from just before the client is handed a command: from then on it may take effect. */
  private written = false;
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly name: string,
    private readonly lua: string,
    private readonly call: ScriptCall,
    private readonly resolve: (reply: unknown) => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    this.timer = setTimeout(giveUp, Math.min(call.timeoutMs, longestTimerMs), this);
    call.signal?.addEventListener('abort', this, { once: true });
  }

  /** Hands the script to a client that is ready, by its SHA-1. */
  send(redis: RedisClient, sha: string): void {
    if (this.over) return;
    this.written = true;
    const { keys, args } = this.call;
    try {
      redis.evalsha(sha, keys.length, ...keys, ...args).then(
        (reply) => this.succeed(reply),
        (error) => (isNoScript(error) ? this.sendText(redis) : this.fail(error)),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ends the run with an error of the client or the server. */
  fail(error: unknown): void {
    this.failWith(error instanceof Error ? error.message : String(error), error);
  }

  /** Ends the run because its time is up. */
  expire(): void {
    this.failWith(`no reply within ${this.call.timeoutMs} ms`);
  }

  /** Ends the run because the caller's signal aborted; the run itself is the listener. */
  handleEvent(): void {
    if (this.end()) this.reject(this.call.signal?.reason);
  }

  private sendText(redis: RedisClient): void {
    if (this.over) return;
    const { keys, args } = this.call;
    try {
      redis.eval(this.lua, keys.length, ...keys, ...args).then(
        (reply) => this.succeed(reply),
        (error) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  private succeed(reply: unknown): void {
    if (this.end()) this.resolve(reply);
  }

  private failWith(what: string, cause?: unknown): void {
    if (!this.end()) return;
    const effect = this.written ? 'unknown' : 'none';
    this.reject(new StoreUnavailableError(`${this.name}: ${what}`, effect, { cause }));
  }

  /** Ends the run, and says whether it had not ended before. */
  private end(): boolean {
    if (this.over) return false;
    this.over = true;
    clearTimeout(this.timer);
    this.call.signal?.removeEventListener('abort', this);
    return true;
  }
}

/**
 * After a blocked event loop a timer fires before the socket is read. One turn of the loop later,
 * a reply that has long been there has been heard.
 */
function giveUp(run: Run): void {
  const expire = () => run.expire();
  if (typeof setImmediate === 'function') setImmediate(expire);
  else setTimeout(expire);
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
