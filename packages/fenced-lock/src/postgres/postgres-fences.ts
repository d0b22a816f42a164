import {
  defineStatement,
  type PostgresPool,
  requireLayout,
  safeInteger,
} from '@gabion/postgres-statement';
import { StaleFenceError } from '../errors.js';
import { type FenceStore, requireMark } from '../guard.js';
import type { StoreCallOptions } from '../store.js';
import { ask, causeOf } from './ask.js';
import { staleFence } from './fence.sql.js';
import { layoutWanted } from './layout.js';
import { namesIn } from './names.js';
import { type PostgresPlaceOptions, settle } from './place.js';
import { storedKey } from './stored-text.js';

/** Options of {@link postgresFenceStore} and {@link fenceInTransaction}. */
export interface PostgresFenceOptions extends PostgresPlaceOptions {}

/**
 * Creates a store of marks on PostgreSQL: one row for each name, without an end. For what is
 * written to the same database prefer {@link fenceInTransaction}, which shares the marks.
 *
 * @throws TypeError | RangeError for an option that is not what it says.
 */
export function postgresFenceStore(
  pool: PostgresPool,
  options: PostgresFenceOptions = {},
): FenceStore {
  const place = settle('postgresFenceStore', pool, options);
  const { schema, storedNamespace } = place;
  const { advance, mark } = namesIn(schema);
  const layout = layoutWanted(schema);
  const advancing = defineStatement({
    name: 'postgresFenceStore.advance',
    text: `SELECT ${advance}($1, $2, $3) AS highest`,
  });
  const looking = defineStatement({
    name: 'postgresFenceStore.highest',
    text: `SELECT highest FROM ${mark} WHERE namespace = $1 AND name = $2`,
  });

  async function run(
    statement: typeof advancing,
    [name, ...values]: readonly [string, ...unknown[]],
    call: StoreCallOptions | undefined,
  ): Promise<number> {
    const timeoutMs = Math.min(place.timeoutMs, call?.timeoutMs ?? place.timeoutMs);
    await requireLayout(pool, { ...layout, timeoutMs });
    const all = [storedNamespace, await storedKey(name), ...values];
    const { highest = 0 } = await ask(pool, statement, schema, { values: all, timeoutMs });
    return safeInteger(highest);
  }

  return {
    advance: (name, fence, call) => run(advancing, [name, fence], call),
    highest: (name, call) => run(looking, [name], call),
  };
}

/**
 * Checks a fence inside the caller's open transaction, and raises the mark of its name, by one
 * statement. The mark's row stays locked until the transaction ends, so that no later holder comes
 * between the check and the commit: call it first. After a refusal the transaction can only be
 * rolled back.
 *
 * @param client - The one connection of the transaction: a client of pg that has sent `BEGIN`, or
 * the `tx` of PGlite.
 * @param name - What is guarded. `createFenceGuard` over a `postgresFenceStore` of the same
 * `namespace` and `schema` shares its mark.
 * @throws StaleFenceError when a later fence was seen. TypeError for a pool, whose statements
 * belong to no transaction. StoreLayoutError before `migrate()`. StoreUnavailableError when the
 * server refuses or does not answer.
 */
export async function fenceInTransaction(
  client: PostgresPool,
  name: string,
  fence: number,
  options: PostgresFenceOptions = {},
): Promise<void> {
  const fn = 'fenceInTransaction';
  const { schema, storedNamespace, timeoutMs } = settle(fn, client, options);
  if (client.totalCount !== undefined) {
    const wanted = 'client must be the connection of the open transaction';
    throw new TypeError(`${fn}: ${wanted}, got a pool`);
  }
  requireMark(fn, name, fence);
  const text = `SELECT ${namesIn(schema).fence}($1, $2, $3)`;
  const values = [storedNamespace, await storedKey(name), fence];
  try {
    await ask(client, defineStatement({ name: fn, text }), schema, { values, timeoutMs });
  } catch (error) {
    const cause = causeOf(error);
    if (cause?.code !== staleFence) throw error;
    throw new StaleFenceError(fn, name, fence, safeInteger(cause.detail));
  }
}
