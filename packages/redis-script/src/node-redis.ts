import type { RedisClient } from './client.js';
import type { RedisSubscriber } from './listen.js';

/** What is asked of a node-redis client, cluster or pool, of version 5 or 6. */
export interface NodeRedisClient {
  /** True from `connect()` until it is closed. */
  readonly isOpen: boolean;
  /** True while a command would be written at once; pools do not tell. */
  readonly isReady?: boolean;
  /** The same connection with other options for its commands. */
  withCommandOptions(options: object): unknown;
  /** Listens to a channel; a pool cannot. */
  subscribe?(channel: string, listener: (message: string) => void): Promise<unknown>;
  /** Ends that. (Its listener is of any message, as the types of node-redis have it.) */
  unsubscribe?(channel: string, listener: (message: unknown) => void): Promise<unknown>;
  /** Attaches a listener. */
  on(event: string, listener: () => void): unknown;
  /** Detaches a listener. */
  off(event: string, listener: () => void): unknown;
}

interface ScriptCalls {
  evalSha(sha: string, call: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(lua: string, call: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/**
 * Lets a node-redis client run scripts. Its commands are sent without node-redis's own time-out,
 * an `AbortSignal.timeout` per command that costs four fifths of the throughput (107 000 instead
 * of 556 000 GET a second were measured with 64 in flight); each run's deadline takes its place.
 *
 * @param client - A client, cluster or pool of node-redis 5 or 6, which stays the caller's.
 */
export function fromNodeRedis(client: NodeRedisClient): RedisClient & RedisSubscriber {
  const plain = client.withCommandOptions({ timeout: undefined, typeMapping: {} }) as ScriptCalls;
  const split = (keyCount: number, rest: (string | number)[]) => {
    const texts = rest.map(String);
    return { keys: texts.slice(0, keyCount), arguments: texts.slice(keyCount) };
  };
  const channels = createChannels(client);
  return {
    get status() {
      if (!client.isOpen) return 'end';
      return (client.isReady ?? true) ? 'ready' : 'connecting';
    },
    isCluster: 'slots' in client,
    evalsha: (sha, keyCount, ...rest) => plain.evalSha(sha, split(keyCount, rest)),
    eval: (lua, keyCount, ...rest) => plain.eval(lua, split(keyCount, rest)),
    subscribe: channels.subscribe,
    unsubscribe: channels.unsubscribe,
    on: (event: string, listener: (...args: string[]) => void) =>
      event === 'message' ? channels.on(listener) : client.on(event, listener),
    off: (event: string, listener: (...args: string[]) => void) =>
      event === 'message' ? channels.off(listener) : client.off(event, listener),
  };
}

type MessageListener = (channel: string, message: string) => void;

/** node-redis has a listener per channel, where ioredis has one event for all. */
function createChannels(client: NodeRedisClient) {
  const listeners = new Set<MessageListener>();
  const subscribed = new Map<string, (message: unknown) => void>();
  return {
    on: (listener: MessageListener) => listeners.add(listener),
    off: (listener: MessageListener) => listeners.delete(listener),
    async subscribe(channel: string): Promise<unknown> {
      if (client.subscribe === undefined) throw new Error('this client cannot subscribe');
      let hear = subscribed.get(channel);
      if (hear === undefined) {
        hear = (message) => {
          for (const listener of listeners) listener(channel, message as string);
        };
        subscribed.set(channel, hear);
      }
      // The same listener again is no second one; node-redis itself renews it on a reconnect.
      return client.subscribe(channel, hear);
    },
    async unsubscribe(channel: string): Promise<unknown> {
      const hear = subscribed.get(channel);
      subscribed.delete(channel);
      return hear && client.unsubscribe?.(channel, hear);
    },
  };
}
