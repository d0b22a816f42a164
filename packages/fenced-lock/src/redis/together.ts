import { defineScript, type RedisClient, type RedisScript } from '@gabion/redis-script';
import { StoreUnavailableError } from '../errors.js';
import { togetherLua } from './together.lua.js';

/** The verbs of a store, by the names that the common script knows them by. */
export type VerbScripts = Readonly<Record<'acquire' | 'renew' | 'release' | 'leave', RedisScript>>;

/** What a script is handed. */
type Args = readonly (string | number)[];

/** A verb that is to be carried out, and who waits for its reply. */
interface Waiting {
  readonly verb: keyof VerbScripts;
  /** The key of its lease. */
  readonly lease: string;
  readonly args: Args;
  readonly timeoutMs: number;
  resolve(reply: unknown): void;
  reject(error: unknown): void;
}

const togetherScript = defineScript({ name: 'redisLeaseStore', lua: togetherLua });

/** So many verbs go together at most: Redis serves nobody else while a script runs. */
export const mostTogether = 32;

/**
 * Lets the verbs that are asked for in one turn of the event loop go together, in one script and
 * in their order: under load the client and the server spend more on a command than on what it
 * does. Nobody waits for company: a verb that is alone goes by its own script in the same turn.
 * Those with deadlines of different lengths go apart.
 */
export function createTogether(redis: RedisClient, counter: string, scripts: VerbScripts) {
  let waiting: Waiting[] = [];

  function send(): void {
    const all = waiting;
    const [first] = all;
    if (first === undefined) return;
    waiting = [];
    if (all.length === 1) sendAlone(first);
    else sendTogether(all, first.timeoutMs);
  }

  function sendAlone({ verb, lease, args, timeoutMs, resolve, reject }: Waiting): void {
    const keys = verb === 'acquire' ? [lease, counter] : [lease];
    scripts[verb].run(redis, { keys, args, timeoutMs }).then(resolve, reject);
  }

  function sendTogether(all: readonly Waiting[], timeoutMs: number): void {
    const keys = [counter];
    const args: (string | number)[] = [];
    for (const call of all) {
      keys.push(call.lease);
      args.push(call.verb, call.args.length, ...call.args);
    }
    togetherScript.run(redis, { keys, args, timeoutMs }).then(
      (replies) => {
        for (const [i, call] of all.entries()) settle(call, (replies as unknown[])[i]);
      },
      (error) => {
        for (const call of all) call.reject(error);
      },
    );
  }

  /** An error in the place of a reply is the server's answer to one verb. */
  function settle({ verb, resolve, reject }: Waiting, reply: unknown): void {
    if (reply instanceof Error) {
      const what = `${scripts[verb].name}: ${reply.message}`;
      reject(new StoreUnavailableError(what, 'unknown', { cause: reply }));
    } else resolve(reply);
  }

  /** Carries out a verb on the lease at a key, and resolves with the reply of its script. */
  return (verb: keyof VerbScripts, lease: string, args: Args, timeoutMs: number) =>
    new Promise<unknown>((resolve, reject) => {
      const [first] = waiting;
      const isFull = waiting.length === mostTogether;
      if (first !== undefined && (isFull || first.timeoutMs !== timeoutMs)) send();
      // After what else is ready to run: those who heard their replies at once ask at once.
      if (waiting.length === 0) queueMicrotask(send);
      waiting.push({ verb, lease, args, timeoutMs, resolve, reject });
    });
}
