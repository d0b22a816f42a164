import { StoreContractError } from '../errors.js';
import type { RecordStore } from '../store.js';
import { randomId } from './random-id.js';

/** The stores that were found sound, and those that are being looked at. */
const sound = new WeakSet<RecordStore>();
const looking = new WeakMap<RecordStore, Promise<void>>();

/**
 * Looks, at a store's first use, whether it keeps what it promises: of two claims one is granted.
 * Returns `undefined` once that is known.
 */
export function probeOnce(store: RecordStore): Promise<void> | undefined {
  if (sound.has(store)) return undefined;
  let probe = looking.get(store);
  if (probe === undefined) {
    probe = look(store).finally(() => looking.delete(store));
    looking.set(store, probe);
  }
  return probe;
}

async function look(store: RecordStore): Promise<void> {
  const id = `probe-${randomId()}`;
  const request = {
    id,
    fingerprint: '',
    leaseMs: 10_000,
    unknownRetentionMs: 1_000,
    onAbandoned: 'reject',
  } as const;
  const first = await store.claim({ ...request, owner: `${id}.1` });
  const second = await store.claim({ ...request, owner: `${id}.2` });
  await store.forget(id).catch(() => {});
  if (first.status === 'claimed' && second.status === 'running') return void sound.add(store);
  const seen = `${first.status}, ${second.status}`;
  throw new StoreContractError(`the store answers two claims of one key with: ${seen}`);
}
