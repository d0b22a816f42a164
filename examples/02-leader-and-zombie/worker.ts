/**
 * One of the processes that compete to run the nightly job: interest for every account. It does
 * what most code does: once it holds the lock, it works until it is done.
 */
import { createServer } from 'node:net';
import { createFencedLock, type Lease } from '@gabion/fenced-lock';
import { openLeaseStore } from './lease-store.js';
import { callParent } from './rpc.js';

const { REDIS_URL, NAME = '', NAMESPACE = '', LEASE_MS = '', STOP_AT = '' } = process.env;
const lock = createFencedLock({
  name: NAME,
  store: openLeaseStore(REDIS_URL, NAMESPACE),
  leaseMs: Number(LEASE_MS),
});

function tell(what: string, facts: object = {}): void {
  process.send?.({ what, ...facts });
}

/** Resolves when the parent says so. */
function told(wanted: string): Promise<void> {
  return new Promise<void>((resolve) => {
    process.on('message', (message) => {
      if (message === wanted) resolve();
    });
  });
}

const compete = told('compete');
/** The pause is made to fall between a read and its write. */
const goOn = told('go on');

async function payInterest({ fence }: Lease): Promise<void> {
  const { next, accounts } = await callParent<{ next: number; accounts: number }>('progress');
  tell('leads', { fence, next });
  for (let account = next; account < accounts; account += 1) {
    const balance = await callParent<number>('read', account, fence);
    if (STOP_AT === String(account)) {
      tell('has read', { account });
      await goOn;
    }
    await callParent('write', account, balance * 1.1, fence, NAME);
  }
}

// What load balancers often look at: whether something accepts connections on the port.
const health = createServer((socket) => socket.end('alive\n'));
health.listen(0, '127.0.0.1', async () => {
  tell('listens', { port: (health.address() as { port: number }).port });
  await compete;
  let work = Promise.resolve();
  const run = lock.run('nightly-job', (lease) => {
    work = payInterest(lease);
    return work;
  });
  const ending = await run.then(
    () => 'done',
    (error) => error.code ?? String(error),
  );
  // `run` does not wait for work that has lost its lease; this process does, and stops no zombie.
  await work.catch(() => {});
  tell('ended', { ending });
});
process.on('SIGTERM', () => process.exit(0));
