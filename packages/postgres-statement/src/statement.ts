import { requireNumber } from '@gabion/contract';
import type { PostgresPool } from './pool.js';
import { Run } from './run.js';

/** A row as the client made it: a value per column; a bigint may be text (see `safeInteger`). */
export type Row = Readonly<Record<string, unknown>>;

/** One run of a statement. */
export interface StatementCall {
  /** What `$1`, `$2`, … stand for. @defaultValue none */
  readonly values?: readonly unknown[] | undefined;
  /** The longest wait for the rows, in milliseconds above 0, that for a connection included. */
  readonly timeoutMs: number;
  /** Ends the wait: the run rejects with its reason. What was sent may still take effect. */
  readonly signal?: AbortSignal | undefined;
}

/** A statement and how to run it. */
export interface PostgresStatement {
  /** What the statement is called in errors. */
  readonly name: string;
  /** Its text. */
  readonly text: string;
  /**
   * Runs the statement once and resolves with its rows.
   *
   * On a `Pool` of pg it borrows a connection for no longer than it runs. A run that has ended
   * before it got one sends nothing; one that has reached its deadline closes the one it got.
   *
   * @throws StoreUnavailableError with `effect: 'none'` when it never reached the server or was
   * rolled back, else `'unknown'`; `cause` is the client's or the server's own error.
   */
  run(pool: PostgresPool, call: StatementCall): Promise<readonly Row[]>;
}

/**
 * Defines one statement. It is sent without a name and leaves nothing in its session, so that it
 * works through proxies that pool transactions. Its text is one statement, made once; whatever
 * changes from run to run is a value.
 *
 * @param definition - `name`, for errors, and `text`, with `$1`, `$2`, … for the values.
 */
export function defineStatement({ name, text }: { name: string; text: string }): PostgresStatement {
  return Object.freeze({
    name,
    text,
    run(pool: PostgresPool, call: StatementCall): Promise<readonly Row[]> {
      requireNumber(name, 'timeoutMs', call.timeoutMs, { min: Number.MIN_VALUE });
      return new Promise((resolve, reject) => {
        if (call.signal?.aborted) return reject(call.signal.reason);
        new Run(name, text, call, resolve, reject).start(pool);
      });
    },
  });
}
