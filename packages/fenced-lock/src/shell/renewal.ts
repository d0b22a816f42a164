import type { Settings } from './options.js';

/** How a lease is renewed, and until when. */
export interface Renewal {
  /** One try, which rejects with LEASE_LOST when there is nothing left to renew. */
  renew(timeoutMs: number): Promise<void>;
  /** Is told of a try that got no answer. */
  failed(error: unknown): void;
  /** Aborts when the lease is released or lost. */
  readonly signal: AbortSignal;
}

/**
 * Renews a lease at about a third of its time, so that two tries may fail. A lost answer is no
 * loss: the next try follows soon, until the deadline. Each try is bounded by a sixth of the
 * lease, so that a stalled one leaves time for others, and jittered, so that leases that were
 * granted together are not renewed together.
 */
export async function keepRenewing(
  { clock, leaseMs, random }: Settings,
  { renew, failed, signal }: Renewal,
): Promise<void> {
  const sleep = { signal, keepsAlive: false };
  const third = () => (leaseMs / 3) * (0.9 + 0.2 * random());
  const soon = () => (leaseMs / 20) * (0.5 + random());
  try {
    let restMs = third();
    while (!signal.aborted) {
      await clock.sleep(restMs, sleep);
      restMs = await renew(leaseMs / 6).then(third, (error) => {
        if (!signal.aborted) failed(error);
        return soon();
      });
    }
  } catch {
    // The sleep was ended: the lease is over.
  }
}
