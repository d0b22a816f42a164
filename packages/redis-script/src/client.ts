/**
 * The handful of methods asked of a Redis client. An ioredis `Redis` or `Cluster` has them as it
 * is; a node-redis client gets them from {@link fromNodeRedis}. The caller owns the connection:
 * it is never configured or closed here, and opened only where the client would open itself.
 */
export interface RedisClient {
  /** `ready` when a command would be written to the socket now; `end` when closed for good. */
  readonly status: string;
  /** True for a cluster client, whose scripts must keep all their keys in one slot. */
  readonly isCluster?: boolean;
  /** The client's own settings; only `enableOfflineQueue: false` is looked at. */
  readonly options?: object;
  /** Runs a script that the server has, by its SHA-1. */
  evalsha(sha: string, keyCount: number, ...rest: (string | number)[]): Promise<unknown>;
  /** Runs a script by its text, and leaves it with the server. */
  eval(lua: string, keyCount: number, ...rest: (string | number)[]): Promise<unknown>;
  /** Connects a client whose status is `wait`: a lazy one, which waits for its first command. */
  connect?(): Promise<unknown>;
  /** Attaches a listener; only `ready` and `end` are listened to. */
  on(event: 'ready' | 'end', listener: () => void): unknown;
  /** Detaches a listener. */
  off(event: 'ready' | 'end', listener: () => void): unknown;
}
