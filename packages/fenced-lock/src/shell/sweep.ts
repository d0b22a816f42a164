import type { Lines } from './line.js';
import type { Settings } from './options.js';

/**
 * Notices leases that ended while nobody looked: dropped without a release, and with nobody
 * waiting for them. Returns what is called after each grant; one sleep at a time serves all, and
 * none is left when no lease is.
 */
export function startSweeping({ clock, leaseMs }: Settings, lines: Lines): () => void {
  let running = false;

  async function sweep(): Promise<void> {
    running = true;
    while (lines.size > 0) {
      await clock.sleep(leaseMs, { keepsAlive: false });
      for (const turn of lines.turns) void turn.remainingMs;
    }
    running = false;
  }

  return () => {
    if (!running) sweep();
  };
}
