import type { Findings, Stage, TourStop } from '@gabion-examples/tour/stop';
import { findingsOf } from './findings.js';
import { type Night, type Plan, runNight, tourPlan } from './night.js';

/** The same night twice, without the fence and with it. */
export async function demonstrate(
  plan: Plan,
  { redis, keyPrefix, signal, phase }: Stage,
): Promise<{ readonly without: Night; readonly guarded: Night; readonly findings: Findings }> {
  const redisUrl = redis && urlOf(redis.options);
  const night = (title: string, guarded: boolean) =>
    phase(title, (tell) => {
      const namespace = `${keyPrefix}-${guarded ? 'guarded' : 'without'}`.slice(-48);
      return runNight(plan, guarded, { redisUrl, namespace, signal, tell });
    });
  const without = await night('without the fence', false);
  const guarded = await night('with the fence', true);
  return { without, guarded, findings: findingsOf(plan, without, guarded) };
}

/** The workers are processes of their own, and connect by themselves. */
function urlOf(options: {
  host?: string | undefined;
  port?: number | undefined;
  username?: string | null | undefined;
  password?: string | null | undefined;
  db?: number | undefined;
}): string {
  const url = new URL(`redis://${options.host ?? '127.0.0.1'}:${options.port ?? 6379}`);
  url.username = options.username ?? '';
  url.password = options.password ?? '';
  url.pathname = `/${options.db ?? 0}`;
  return url.href;
}

/** The lock with a fence, and a leader that is paused. */
export const stop: TourStop = {
  pattern: 'fenced-lock',
  title: 'a paused leader wakes up after its lease, and writes what it had in mind',
  story: [
    `Three processes compete to run a nightly job, interest for ${tourPlan.accounts} accounts. ` +
      `One gets the lock, with a lease of ${tourPlan.leaseMs} ms that it renews. Between the ` +
      'read and the write of one account it is paused, as a garbage collection, a moved virtual ' +
      'machine or a closed lid would pause it. Its lease ends, and another process finishes ' +
      'the job.',
    'Then it wakes up in the middle of its work and writes. No lock can prevent that: the ' +
      'process does not know that time has passed. But each grant carries a fence, a number that ' +
      'grows, and a bank that remembers the highest one refuses the write of an earlier holder.',
  ],
  run: async (stage) => (await demonstrate(tourPlan, stage)).findings,
};
