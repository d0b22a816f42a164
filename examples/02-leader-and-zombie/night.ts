import { connect } from 'node:net';
import { memoryLeaseStore } from '@gabion/fenced-lock';
import type { Moment } from '@gabion-examples/tour/stop';
import { type Bank, openBank } from './bank.js';
import { leaseVerbs } from './lease-store.js';
import { startWorker, type Worker } from './processes.js';

/** How a night is set up. */
export interface Plan {
  readonly accounts: number;
  /** The account between whose read and write the leader is paused. */
  readonly pausedAt: number;
  readonly leaseMs: number;
  readonly deposit: number;
}

/** The plan of the tour. */
export const tourPlan: Plan = { accounts: 12, pausedAt: 4, leaseMs: 800, deposit: 500 };

/** What a night left behind. */
export interface Night {
  readonly bank: Bank;
  readonly timeline: readonly Moment[];
  /** How the paused leader's run ended: `done`, or the code of an error. */
  readonly leaderEnding: string;
  /** Whether the paused leader's port accepted a connection, and whether anyone answered. */
  readonly port: { readonly accepted: boolean; readonly answered: boolean };
}

/** Where a night runs. */
export interface Place {
  readonly redisUrl: string | undefined;
  readonly namespace: string;
  readonly signal: AbortSignal;
  tell(progress: string): void;
}

/** Runs one night: three processes, one pause, and a customer in between. */
export async function runNight(plan: Plan, guarded: boolean, place: Place): Promise<Night> {
  place.signal.throwIfAborted();
  let startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  const timeline: Moment[] = [];
  const note = (what: string) => {
    timeline.push({ atMs: now(), what });
    place.tell(what);
  };
  const bank = openBank(plan.accounts, guarded, now);
  const workers = startWorkers(plan, bank, place);
  const end = () => workers.map((worker) => worker.stop());
  place.signal.addEventListener('abort', end, { once: true });
  try {
    await Promise.all(workers.map((worker) => worker.told('listens')));
    startedAt = performance.now();
    return { bank, timeline, ...(await act(plan, workers, bank, note)) };
  } finally {
    place.signal.removeEventListener('abort', end);
    await Promise.all(end());
    place.signal.throwIfAborted();
  }
}

function startWorkers(plan: Plan, bank: Bank, place: Place): readonly Worker[] {
  const verbs = {
    ...leaseVerbs(memoryLeaseStore()),
    read: bank.read,
    write: bank.write,
    progress: () => ({ next: bank.next, accounts: plan.accounts }),
  };
  const { redisUrl = '', namespace } = place;
  const env = { REDIS_URL: redisUrl, NAMESPACE: namespace, LEASE_MS: String(plan.leaseMs) };
  return [
    startWorker('first', { ...env, STOP_AT: String(plan.pausedAt) }, verbs),
    startWorker('second', env, verbs),
    startWorker('third', env, verbs),
  ];
}

async function act(
  { pausedAt, deposit }: Plan,
  [leader, ...others]: readonly Worker[],
  bank: Bank,
  note: (what: string) => void,
): Promise<Pick<Night, 'leaderEnding' | 'port'>> {
  if (leader === undefined) throw new Error('a night without workers');
  const { port = 0 } = await leader.told('listens');
  leader.compete();
  await leader.told('leads');
  note('the first process has the lock, and pays interest account by account');
  for (const other of others) other.compete();
  await leader.told('has read');
  leader.pause();
  note(`it has read account ${pausedAt}, and is paused (SIGSTOP): it does not know`);
  const health = await probe(port);
  note(`a check that its port accepts connections says: ${health.accepted ? 'fine' : 'down'}`);
  const leads = others.map((other) => other.told('leads').then(() => other));
  const successor = await Promise.race(leads);
  note(`its lease is over; the ${successor.name} process has the lock, and pays the rest`);
  await successor.told('ended');
  bank.deposit(pausedAt, deposit);
  note(`the job is done; a customer pays ${deposit} into account ${pausedAt}`);
  leader.resume();
  note('the first process wakes up (SIGCONT) in the middle of its work, and writes');
  const [{ ending = '' } = {}] = await Promise.all(
    [leader, ...others].map((one) => one.told('ended')),
  );
  note(`its run has ended: ${ending}`);
  return { leaderEnding: ending, port: health };
}

/** Connects as a health check does, and listens for a moment whether anybody is there. */
function probe(port: number): Promise<Night['port']> {
  return new Promise((resolve) => {
    let accepted = false;
    const socket = connect(port, '127.0.0.1');
    const end = (answered: boolean) => {
      socket.destroy();
      resolve({ accepted, answered });
    };
    socket.setTimeout(150, () => end(false));
    socket.once('connect', () => {
      accepted = true;
    });
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
  });
}
