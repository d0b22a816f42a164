import type { Settings } from './options.js';

/** A lease that wants to be renewed until it is removed. */
export interface Renewable {
  /** One try within `timeoutMs`; rejects when it got no answer. */
  renew(timeoutMs: number): Promise<void>;
  /** Is told of a try that got no answer. */
  failed(error: unknown): void;
}

/** The renewals of all attempts of a deduper, on one timer. */
export interface Renewals {
  add(renewable: Renewable): void;
  remove(renewable: Renewable): void;
}

/**
 * Renews each at about a third of the lease, so that two tries may fail; a failed one soon again.
 * Most attempts end before that, and cost a place in a map: one timer looks for those that have
 * not, ten times a lease, and is there only while an attempt is.
 */
export function createRenewals({ clock, leaseMs, random }: Settings): Renewals {
  const dueAtMs = new Map<Renewable, number>();
  let looking = false;
  const inAbout = (share: number) => clock.now() + leaseMs * share * (0.8 + 0.4 * random());

  function renew(renewable: Renewable): void {
    // Not due until its answer is here.
    dueAtMs.set(renewable, Infinity);
    const again = (share: number) => {
      if (dueAtMs.has(renewable)) dueAtMs.set(renewable, inAbout(share));
    };
    renewable.renew(leaseMs / 6).then(
      () => again(1 / 4),
      (error) => {
        if (dueAtMs.has(renewable)) renewable.failed(error);
        again(1 / 20);
      },
    );
  }

  async function look(): Promise<void> {
    looking = true;
    while (dueAtMs.size > 0) {
      await clock.sleep(leaseMs / 10, { keepsAlive: false });
      const now = clock.now();
      for (const [renewable, due] of dueAtMs) if (due <= now) renew(renewable);
    }
    looking = false;
  }

  return {
    add(renewable) {
      dueAtMs.set(renewable, inAbout(1 / 4));
      if (!looking) look();
    },
    remove: (renewable) => dueAtMs.delete(renewable),
  };
}
