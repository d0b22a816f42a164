/** Whether a failed statement can have changed anything. */
export type Effect = 'none' | 'unknown';

/** As pg, PGlite and Node.js describe what went wrong. */
interface Described {
  readonly code?: unknown;
  readonly severity?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
  readonly errors?: unknown;
}

/** Raised only before a session begins, fatal as they are: so nothing of it was carried out. */
const beforeSession = /^(28...|3D000|53300|57P03|0800[14])$/;

/**
 * The connection broke, or the session was ended, perhaps just after its commit. (08: connection
 * exceptions, PgBouncer's among them; 40003: statement completion unknown; 57P: operator
 * intervention; 25P03 and 25P04: sessions ended by a timeout.)
 */
const sessionEnded = /^(08...|40003|57P..|25P0[34])$/;

/** Raised as an error, which rolls back, or as a panic, in the middle of a commit perhaps. */
const perhapsPanic = /^(53...|58...|F0...|XX...)$/;

/** What pg says, without a code, of a statement that it has not sent. */
const neverSent = new Set([
  'timeout expired',
  'timeout exceeded when trying to connect',
  'Connection terminated due to connection timeout',
  'Cannot use a pool after calling end on the pool',
  'Client was closed and is not queryable',
  'Client has encountered a connection error and is not queryable',
]);

/** The SQLSTATE of a server's error. None begins with E, as `EPIPE` and its kin of Node.js do. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code } = describe(error);
  return typeof code === 'string' && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : undefined;
}

/**
 * Whether a statement that failed with this error can have changed anything. A statement that
 * the server answers with an error is rolled back; what happened to one that got no answer is
 * not known, unless it never reached a server.
 */
export function effectOf(error: unknown): Effect {
  const sqlState = sqlStateOf(error);
  const certain = sqlState === undefined ? neverReached(error) : rolledBack(error, sqlState);
  return certain ? 'none' : 'unknown';
}

function describe(error: unknown): Described {
  return typeof error === 'object' && error !== null ? error : {};
}

function rolledBack(error: unknown, sqlState: string): boolean {
  if (beforeSession.test(sqlState)) return true;
  if (sessionEnded.test(sqlState)) return false;
  // The server writes the severity in its own language, so that only the English words tell.
  const { severity } = describe(error);
  if (severity === 'FATAL' || severity === 'PANIC') return false;
  return severity === 'ERROR' || !perhapsPanic.test(sqlState);
}

function neverReached(error: unknown): boolean {
  const { syscall, message, errors } = describe(error);
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  // Node.js has tried each address of the host.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(neverReached);
  return typeof message === 'string' && neverSent.has(message);
}
