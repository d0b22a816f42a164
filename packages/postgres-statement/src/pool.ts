/** What is read of a client's answer. */
export interface PostgresAnswer {
  /** The rows, as the client makes them. */
  readonly rows: unknown[];
}

/**
 * What is asked of a PostgreSQL client: a `Pool`, `Client` or `PoolClient` of pg, a PGlite, or
 * anything with the same method. The caller owns it: it is never configured or closed here.
 */
export interface PostgresPool {
  /** Runs one statement; the text holds no second one, which PGlite and prepared ones refuse. */
  query(text: string, values?: unknown[]): Promise<PostgresAnswer>;
  /** A pg `Pool` lends a connection by it; a `Client` has one too, which is never called. */
  connect?(): Promise<unknown>;
  /** What only a pg `Pool` has, and is known by. */
  readonly totalCount?: number;
}

/** A connection that a pool has lent, to be given back once. */
export interface LentConnection {
  query(text: string, values?: unknown[]): Promise<PostgresAnswer>;
  /** Gives it back; with an error the pool closes it. */
  release(error?: Error): void;
  on(event: 'error', listener: () => void): unknown;
  off(event: 'error', listener: () => void): unknown;
}

/** A pool that lends connections. */
export interface LendingPool {
  connect(): Promise<LentConnection>;
}

/** Whether it is a pool of pg, which tells when a statement gets a connection. */
export function lends(pool: PostgresPool): pool is PostgresPool & LendingPool {
  return typeof pool.connect === 'function' && typeof pool.totalCount === 'number';
}
