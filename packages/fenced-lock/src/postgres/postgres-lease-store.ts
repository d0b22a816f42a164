import {
  defineStatement,
  type PostgresPool,
  requireLayout,
  safeInteger,
} from '@gabion/postgres-statement';
import { FenceExhaustedError, StoreLayoutError } from '../errors.js';
import type { AcquireAnswer, LeaseStore, StoreCallOptions } from '../store.js';
import { ask } from './ask.js';
import { layoutWanted } from './layout.js';
import { type Names, namesIn } from './names.js';
import { type PostgresPlaceOptions, settle } from './place.js';
import { storedKey } from './stored-text.js';

/** Options of {@link postgresLeaseStore}. */
export interface PostgresLeaseStoreOptions extends PostgresPlaceOptions {}

const renewals = { '1': 'renewed', '0': 'stolen', '-1': 'missing' } as const;

/**
 * Creates a store on PostgreSQL (12 or later) that every process shares: one statement a verb,
 * each a transaction of its own under `READ COMMITTED`, PostgreSQL's own clock, one row for each
 * held lock and one sequence for each namespace. Nothing stays in a session and no connection is
 * kept while a lock is held, so that it works through proxies that pool transactions; these cannot
 * pass on wake-ups, so that waiters poll.
 *
 * @param pool - A pool of pg, a PGlite, or anything with `query(text, values)`; the caller's own.
 * `migrate()` has prepared it; the first verb looks, and rejects with STORE_LAYOUT if not.
 * @throws TypeError | RangeError for an option that is not what it says.
 */
export function postgresLeaseStore(
  pool: PostgresPool,
  options: PostgresLeaseStoreOptions = {},
): LeaseStore {
  const place = settle('postgresLeaseStore', pool, options);
  const { schema, namespace, storedNamespace } = place;
  const verbs = statementsOf(namesIn(schema));
  const layout = layoutWanted(schema);

  async function reply(
    verb: keyof typeof verbs,
    [key, ...values]: readonly [string, ...unknown[]],
    call: StoreCallOptions | undefined,
  ): Promise<unknown> {
    const timeoutMs = Math.min(place.timeoutMs, call?.timeoutMs ?? place.timeoutMs);
    await requireLayout(pool, { ...layout, timeoutMs });
    const all = [storedNamespace, await storedKey(key), ...values];
    return (await ask(pool, verbs[verb], schema, { values: all, timeoutMs }))['reply'];
  }

  return {
    async acquire({ key, owner, holdMs, floor = 0, waiter = null as never }, call) {
      const answer = await reply('acquire', [key, owner, holdMs, waiter, floor], call);
      return readAnswer(verbs.acquire.name, answer, namespace);
    },
    async renew({ key, owner, holdMs }, call) {
      const answer = (await reply('renew', [key, owner, holdMs], call)) as 1 | 0 | -1;
      return renewals[answer];
    },
    async release({ key, owner }, call) {
      return (await reply('release', [key, owner], call)) === true ? 'released' : 'not-held';
    },
    async leave({ key, waiter }, call) {
      await reply('leave', [key, waiter], call);
    },
  };
}

function statementsOf(names: Names) {
  const statement = (verb: 'acquire' | 'renew' | 'release' | 'leave', values: string) =>
    defineStatement({
      name: `postgresLeaseStore.${verb}`,
      text: `SELECT ${names[verb]}(${values}) AS reply`,
    });
  return {
    acquire: statement('acquire', '$1, $2, $3, $4, $5, $6'),
    renew: statement('renew', '$1, $2, $3, $4'),
    release: statement('release', '$1, $2, $3'),
    leave: statement('leave', '$1, $2, $3'),
  };
}

function readAnswer(fn: string, reply: unknown, namespace: string): AcquireAnswer {
  if (reply === null) {
    const name = JSON.stringify(namespace);
    const wanted = `run migrate(pool, { namespace: ${name} }) first`;
    throw new StoreLayoutError(`${fn}: the namespace ${name} has no counter: ${wanted}`);
  }
  const number = safeInteger(reply);
  if (number === 0) throw new FenceExhaustedError(fn, '2^53 - 2');
  return number > 0
    ? { status: 'granted', fence: number }
    : { status: 'held', heldMs: -1 - number };
}
