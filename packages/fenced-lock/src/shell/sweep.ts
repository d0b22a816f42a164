import type { Lines } from './line.js';
import type { Settings } from './options.js';

/**
 * Looks at all leases four times in the time of one: notices those that ended while nobody looked,
 * and finds those whose end has come near enough to be watched. Returns what is called after each
 * grant; one sleep at a time serves all, and none is left when no lease is.
 */
export function startSweeping({ clock, leaseMs }: Settings, lines: Lines): () => void {
  let running = false;

  async function sweep(): Promise<void> {
    running = true;
    while (lines.size > 0) {
      await clock.sleep(leaseMs / 4, { keepsAlive: false });
      for (const turn of lines.turns) turn.look();
    }
    running = false;
  }

  return () => {
    if (!running) sweep();
  };
}
