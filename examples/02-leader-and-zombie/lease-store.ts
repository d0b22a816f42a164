import type { LeaseStore } from '@gabion/fenced-lock';
import { redisLeaseStore } from '@gabion/fenced-lock/redis';
import { Redis } from 'ioredis';
import { callParent, type Verbs } from './rpc.js';

/**
 * A worker's lease store: on Redis, or in its parent's memory. That one is the whole of a lease
 * store of your own: four verbs, taken to where the leases are.
 */
export function openLeaseStore(redisUrl: string | undefined, namespace: string): LeaseStore {
  if (redisUrl) return redisLeaseStore(new Redis(redisUrl), { namespace });
  return {
    acquire: (request) => callParent('acquire', request),
    renew: (request) => callParent('renew', request),
    release: (request) => callParent('release', request),
    leave: (request) => callParent('leave', request),
  };
}

/** The parent's side of it. */
export function leaseVerbs(store: LeaseStore): Verbs {
  return {
    acquire: (request) => store.acquire(request),
    renew: (request) => store.renew(request),
    release: (request) => store.release(request),
    leave: (request) => store.leave(request),
  };
}
