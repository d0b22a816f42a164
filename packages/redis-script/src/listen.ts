/**
 * The handful of methods asked of a connection that listens. An ioredis `Redis` or `Cluster` has
 * them as it is; a node-redis client gets them from `fromNodeRedis`. A connection that listens
 * can send nothing else, so it is always a second one, which the caller owns.
 */
export interface RedisSubscriber {
  /** Begins to listen to a channel; resolves when the server has said so. */
  subscribe(channel: string): Promise<unknown>;
  /** Ends it. */
  unsubscribe(channel: string): Promise<unknown>;
  /** Attaches a listener for messages, of whatever channel. */
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
  /** Attaches a listener for the moment when the connection is there (again). */
  on(event: 'ready', listener: () => void): unknown;
  /** Detaches a listener. */
  off(event: 'message' | 'ready', listener: (...args: string[]) => void): unknown;
}

/** What a channel's listener is told. */
export interface Ears {
  /** A message came. */
  heard(message: string): void;
  /** From now on messages come, after a time in which some may have been missed. */
  missed(): void;
}

/** A subscription. */
export interface Listening {
  /** Ends it; the connection stays open. Never rejects. */
  close(): Promise<void>;
}

/**
 * Listens to one channel, and says after each time of deafness (the beginning, a lost connection)
 * that messages may have been missed. The listeners are attached before the subscription is asked
 * for, so that no message falls between its acknowledgement and them. A server that cannot be
 * reached is not an error: the subscription is asked for again when the connection is back.
 */
export function listen(subscriber: RedisSubscriber, channel: string, ears: Ears): Listening {
  let closed = false;
  const onMessage = (from: string, message: string) => {
    if (from === channel) ears.heard(message);
  };
  const subscribe = () => {
    // An error is the connection's: `ready` brings the next try.
    subscriber.subscribe(channel).then(
      () => {
        if (!closed) ears.missed();
      },
      () => {},
    );
  };
  subscriber.on('message', onMessage);
  subscriber.on('ready', subscribe);
  subscribe();
  return {
    async close() {
      if (closed) return;
      closed = true;
      subscriber.off('message', onMessage);
      subscriber.off('ready', subscribe);
      // A server that does not answer must not keep the caller: the connection is the caller's,
      // and what still arrives falls on no ears.
      subscriber.unsubscribe(channel).catch(() => {});
    },
  };
}
