import { StoreUnavailableError } from '@gabion/contract';
import { effectOf } from './effect.js';
import { type LendingPool, type LentConnection, lends, type PostgresPool } from './pool.js';
import type { Row, StatementCall } from './statement.js';

const longestTimerMs = 2 ** 31 - 1;

/** A connection that breaks under a statement says so by an event, too; its statement is heard. */
const ignore = () => {};

/**
 * One run of a statement, which ends once: by rows, an error, the deadline or the caller's abort,
 * whichever comes first. A connection that a pool lent for it is given back when the statement is
 * over, or closed at the deadline: one that a dead network holds would be missing from the pool
 * for as long as TCP tries.
 */
export class Run {
  private over = false;
  /** True from when the deadline's timer has fired: from then on nothing is sent. */
  private late = false;
  /** True from just before the client is handed the statement: from then on it may take effect. */
  private sent = false;
  /** Written when the pool lends it, and once more when it is given back. */
  private lent: LentConnection | undefined;
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly name: string,
    private readonly text: string,
    private readonly call: StatementCall,
    private readonly resolve: (rows: readonly Row[]) => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    this.timer = setTimeout(giveUp, Math.min(call.timeoutMs, longestTimerMs), this);
    call.signal?.addEventListener('abort', this, { once: true });
  }

  /** Hands the statement to a client at once, or to the connection that a pool lends. */
  start(pool: PostgresPool): void {
    if (lends(pool)) this.borrow(pool);
    else this.send(pool);
  }

  /** Ends the run because the caller's signal aborted; the run itself is the listener. */
  handleEvent(): void {
    if (this.end()) this.reject(this.call.signal?.reason);
  }

  /** The time is up: a reply that is there already still counts, but nothing is sent any more. */
  stopSending(): void {
    this.late = true;
  }

  /** Ends the run because its time is up. */
  expire(): void {
    const what = `no reply within ${this.call.timeoutMs} ms`;
    this.giveBack(new Error(`${this.name}: ${what}`));
    this.failWith(what, this.sent ? 'unknown' : 'none');
  }

  private borrow(pool: LendingPool): void {
    try {
      pool.connect().then(
        (connection) => this.take(connection),
        (error) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  private take(connection: LentConnection): void {
    if (this.over || this.late) {
      connection.release();
      return;
    }
    this.lent = connection;
    connection.on('error', ignore);
    this.send(connection);
  }

  private send(client: Pick<PostgresPool, 'query'>): void {
    this.sent = true;
    try {
      // Without a name: a prepared statement would stay with a connection that a proxy shares.
      client.query(this.text, this.call.values as unknown[] | undefined).then(
        ({ rows }) => this.succeed(rows as Row[]),
        (error) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  private succeed(rows: readonly Row[]): void {
    this.giveBack();
    if (this.end()) this.resolve(rows);
  }

  private fail(error: unknown): void {
    const effect = this.sent ? effectOf(error) : 'none';
    // A statement that was rolled back leaves its connection in order.
    this.giveBack(effect === 'none' ? undefined : (error as Error));
    this.failWith(error instanceof Error ? error.message : String(error), effect, error);
  }

  private failWith(what: string, effect: 'none' | 'unknown', cause?: unknown): void {
    if (!this.end()) return;
    this.reject(new StoreUnavailableError(`${this.name}: ${what}`, effect, { cause }));
  }

  private giveBack(error?: Error): void {
    const connection = this.lent;
    if (connection === undefined) return;
    this.lent = undefined;
    clearTimeout(this.timer);
    connection.release(error);
    connection.off('error', ignore);
  }

  /** Ends the run, and says whether it had not ended before. */
  private end(): boolean {
    if (this.over) return false;
    this.over = true;
    // After an abort the timer still watches over the connection, until the statement is over.
    if (this.lent === undefined) clearTimeout(this.timer);
    this.call.signal?.removeEventListener('abort', this);
    return true;
  }
}

/**
 * After a blocked event loop a timer fires before the socket is read. One turn of the loop later,
 * a reply that has long been there has been heard.
 */
function giveUp(run: Run): void {
  run.stopSending();
  const expire = () => run.expire();
  if (typeof setImmediate === 'function') setImmediate(expire);
  else setTimeout(expire);
}
