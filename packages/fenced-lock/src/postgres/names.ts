import { quoteIdentifier } from '@gabion/postgres-statement';

/** What the tables and functions of one schema are called, quoted. */
export interface Names {
  readonly lease: string;
  readonly mark: string;
  readonly open: string;
  readonly draw: string;
  readonly acquire: string;
  readonly renew: string;
  readonly release: string;
  readonly leave: string;
  readonly advance: string;
  readonly fence: string;
  /** An expression of the quoted name of a namespace's sequence, as text. */
  counterOf(namespace: string): string;
}

/**
 * Names what is in a schema. Functions carry the layout that they are of, so that processes of an
 * older release go on with theirs while a newer one moves in.
 */
export function namesIn(schema: string): Names {
  const table = (name: string) => `${quoteIdentifier(schema)}.fenced_lock_${name}`;
  const layout1 = (verb: string) => `${table(verb)}_1`;
  return {
    lease: table('lease'),
    mark: table('mark'),
    open: layout1('open'),
    draw: layout1('draw'),
    acquire: layout1('acquire'),
    renew: layout1('renew'),
    release: layout1('release'),
    leave: layout1('leave'),
    advance: layout1('advance'),
    fence: layout1('fence'),
    // A name of PostgreSQL has at most 63 bytes; a namespace may have more, and is then hashed.
    counterOf: (namespace) =>
      `format('%I.%I', '${schema}', CASE WHEN octet_length(${namespace}) <= 51
      THEN 'fenced_lock:' || ${namespace} ELSE 'fenced_lock#' || md5(${namespace}) END)`,
  };
}
