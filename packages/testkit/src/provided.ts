import type {} from 'vitest';

/** What the set-ups provide to tests, which take it by `inject('redisUrl')`. */
export interface ProvidedServers {
  /** A Redis by `redis-setup`: keys under a random prefix only, and nothing destructive. */
  readonly redisUrl: string;
  /** A PostgreSQL by `postgres-setup`: a random schema only, and nothing destructive. */
  readonly postgresUrl: string;
}

declare module 'vitest' {
  /** Adds the servers' URLs to what Vitest's `inject` knows. */
  interface ProvidedContext extends ProvidedServers {}
}
