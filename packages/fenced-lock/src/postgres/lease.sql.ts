import { longestLine, offerMs } from '../core/slot.js';
import type { Names } from './names.js';

/**
 * How each verb begins: alone with its key until the end of its transaction, with the slot as it
 * stands at one instant. (A sweep may delete a slot that has ended since: what follows writes
 * whole rows, so that it takes place at that instant all the same.)
 */
const lookSql = ({ lease }: Names) => `
  PERFORM pg_advisory_xact_lock(hashtextextended('${lease}' || p_namespace || ':' || p_key, 0));
  at := clock_timestamp();
  SELECT * INTO slot FROM ${lease}
    WHERE namespace = p_namespace AND key = p_key AND until > at;
  held := FOUND;`;

const declared = ({ lease }: Names) => `
  at timestamptz;
  slot ${lease};
  held boolean;`;

/** What a row becomes; what is not said stays as it is. */
interface Change {
  readonly owner?: string;
  readonly fence?: string;
  readonly until?: string;
  readonly line?: string;
}

const writeSql = (
  { lease }: Names,
  { owner = 'slot.owner', fence = 'slot.fence', until = 'slot.until', line = 'slot.line' }: Change,
) => `
    INSERT INTO ${lease} (namespace, key, owner, fence, until, line)
      VALUES (p_namespace, p_key, ${owner}, ${fence}, ${until}, ${line})
      ON CONFLICT (namespace, key) DO UPDATE SET owner = excluded.owner, fence = excluded.fence,
        until = excluded.until, line = excluded.line;`;

const offer: Change = {
  owner: 'slot.line[1]',
  fence: '0',
  until: `at + interval '${offerMs} ms'`,
  line: 'slot.line[2:]',
};

const passOnSql = (names: Names) => `
  IF cardinality(slot.line) = 0 THEN
    DELETE FROM ${names.lease} WHERE namespace = p_namespace AND key = p_key;
  ELSE${writeSql(names, offer)}
  END IF;`;

const joined: Change = { line: 'slot.line || p_waiter' };
const left: Change = { line: 'array_remove(slot.line, p_waiter)' };
const prolonged: Change = { until: "at + p_hold_ms * interval '1 ms'" };
const granted: Change = {
  ...prolonged,
  owner: 'p_owner',
  fence: 'drawn',
  line: "coalesce(slot.line, '{}')",
};

/**
 * `claim` of core/slot.ts. Returns the fence; or -1 - ms while it is held; or 0 when no fence is
 * left; or NULL when the namespace has no counter.
 */
const acquireSql = (names: Names) => `
CREATE FUNCTION ${names.acquire}(p_namespace text, p_key text, p_owner text, p_hold_ms bigint,
  p_waiter text, p_floor bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE${declared(names)}
  drawn bigint;
BEGIN${lookSql(names)}
  IF held AND slot.owner = p_owner THEN${writeSql(names, prolonged)}
    RETURN slot.fence;
  END IF;
  IF held AND (slot.fence > 0 OR slot.owner IS DISTINCT FROM p_waiter) THEN
    IF p_waiter IS NOT NULL AND p_waiter <> ALL (slot.line)
      AND cardinality(slot.line) < ${longestLine}
    THEN${writeSql(names, joined)}
    END IF;
    RETURN -1 - ceil(extract(epoch FROM slot.until - at) * 1000);
  END IF;
  drawn := ${names.draw}(p_namespace, p_floor);
  IF drawn > 0 THEN${writeSql(names, granted)}
  END IF;
  RETURN drawn;
END $$`;

/** `renew` of core/slot.ts. Returns 1 when renewed, 0 when another holds it, -1 when nobody. */
const renewSql = (names: Names) => `
CREATE FUNCTION ${names.renew}(p_namespace text, p_key text, p_owner text, p_hold_ms bigint)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE${declared(names)}
BEGIN${lookSql(names)}
  IF NOT held THEN
    RETURN -1;
  END IF;
  IF slot.owner <> p_owner THEN
    RETURN 0;
  END IF;${writeSql(names, prolonged)}
  RETURN 1;
END $$`;

/** `release` of core/slot.ts. Returns whether the owner held it. */
const releaseSql = (names: Names) => `
CREATE FUNCTION ${names.release}(p_namespace text, p_key text, p_owner text)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE${declared(names)}
BEGIN${lookSql(names)}
  IF NOT held OR slot.owner <> p_owner THEN
    RETURN false;
  END IF;${passOnSql(names)}
  RETURN true;
END $$`;

/** `leave` of core/slot.ts. */
const leaveSql = (names: Names) => `
CREATE FUNCTION ${names.leave}(p_namespace text, p_key text, p_waiter text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE${declared(names)}
BEGIN${lookSql(names)}
  IF NOT held THEN
    RETURN;
  END IF;
  IF slot.fence = 0 AND slot.owner = p_waiter THEN${passOnSql(names)}
    RETURN;
  END IF;
  IF p_waiter = ANY (slot.line) THEN${writeSql(names, left)}
  END IF;
END $$`;

/** The table of the leases, with the verbs: a row for each held lock, and none for a free one. */
export function leaseSql1(names: Names): string[] {
  return [
    `CREATE TABLE ${names.lease} (
  namespace text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  owner text NOT NULL,
  fence bigint NOT NULL,
  until timestamptz NOT NULL,
  line text[] NOT NULL,
  PRIMARY KEY (namespace, key)
)`,
    acquireSql(names),
    renewSql(names),
    releaseSql(names),
    leaveSql(names),
  ];
}
