import { largestFence } from '../core/fence.js';
import type { Names } from './names.js';

/** How far ahead of the clock the counter is moved when it is behind, in microseconds. */
const leapUs = 10_000;

const serverUs = '(extract(epoch FROM clock_timestamp()) * 1000000)::bigint';

/** Makes the counter of a namespace, if it is not there: `CACHE 1`, so that it counts in order. */
const openSql = ({ open, counterOf }: Names) => `
CREATE FUNCTION ${open}(p_namespace text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass(${counterOf('p_namespace')}) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fenced_lock.open', 0));
  EXECUTE 'CREATE SEQUENCE IF NOT EXISTS ' || ${counterOf('p_namespace')} || ' AS bigint CACHE 1';
END $$`;

/**
 * Draws the next fence: `nextFence` of core/fence.ts, over a sequence. Returns it; or 0 when none
 * is left; or NULL when the namespace has no counter.
 *
 * Nearly always the sequence is ahead of the clock, and its next value is the fence. When it is
 * not, it is moved, and a little further than needed, so that this is rare. A sequence is no part
 * of a transaction, so moving it could set it back below what others have drawn meanwhile: whoever
 * draws shares the gate until the end of its transaction, and whoever moves has it alone. The
 * exception gives the share back; two that kept theirs and wanted it all would wait for each other.
 */
const drawSql = ({ draw, counterOf }: Names) => `
CREATE FUNCTION ${draw}(p_namespace text, p_floor bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  counter constant regclass := to_regclass(${counterOf('p_namespace')});
  gate constant bigint := hashtextextended('fenced_lock.gate', counter::oid::bigint);
  now_us bigint;
  drawn bigint;
BEGIN
  IF counter IS NULL THEN
    RETURN NULL;
  END IF;
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(gate);
    drawn := nextval(counter);
    IF drawn > p_floor AND drawn >= ${serverUs} THEN
      RETURN CASE WHEN drawn > ${largestFence} THEN 0 ELSE drawn END;
    END IF;
    RAISE SQLSTATE 'LF000';
  EXCEPTION WHEN SQLSTATE 'LF000' THEN
    NULL;
  END;
  PERFORM pg_advisory_xact_lock(gate);
  now_us := ${serverUs};
  drawn := greatest(nextval(counter), now_us, p_floor + 1);
  IF drawn > ${largestFence} THEN
    RETURN 0;
  END IF;
  PERFORM setval(counter, greatest(drawn, now_us + ${leapUs}));
  RETURN drawn;
END $$`;

/**
 * Raises the mark of a name, if the fence is higher, and returns it. The mark's row is locked until
 * the end of the transaction, raised or not.
 */
const advanceSql = ({ mark, advance }: Names) => `
CREATE FUNCTION ${advance}(p_namespace text, p_name text, p_fence bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  seen bigint;
BEGIN
  INSERT INTO ${mark} AS known (namespace, name, highest)
    VALUES (p_namespace, p_name, p_fence)
    ON CONFLICT (namespace, name) DO UPDATE SET highest = excluded.highest
    WHERE known.highest < excluded.highest;
  SELECT known.highest INTO seen FROM ${mark} AS known
    WHERE known.namespace = p_namespace AND known.name = p_name;
  RETURN seen;
END $$`;

/** The SQLSTATE with which an older fence is refused. */
export const staleFence = 'LF001';

/**
 * Raises the mark, or fails when a later fence was seen: an error, so that the transaction cannot
 * commit whatever its owner does with it. The detail is the highest fence.
 */
const fenceSql = ({ advance, fence }: Names) => `
CREATE FUNCTION ${fence}(p_namespace text, p_name text, p_fence bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  seen constant bigint := ${advance}(p_namespace, p_name, p_fence);
BEGIN
  IF seen > p_fence THEN
    RAISE EXCEPTION USING ERRCODE = '${staleFence}', DETAIL = seen::text,
      MESSAGE = format('a later fence was seen, %s; %s is older', seen, p_fence);
  END IF;
END $$`;

/** The table of the marks, and the functions on them and on the counters. */
export function fenceSql1(names: Names): string[] {
  return [
    `CREATE TABLE ${names.mark} (
  namespace text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  highest bigint NOT NULL,
  PRIMARY KEY (namespace, name)
)`,
    openSql(names),
    drawSql(names),
    advanceSql(names),
    fenceSql(names),
  ];
}
