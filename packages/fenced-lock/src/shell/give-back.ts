import type { Settings } from './options.js';

/**
 * Releases what an abandoned request may have been granted. It tries again while the lease could
 * last, since the request itself may still be on its way; then the lease has ended by itself.
 */
export async function giveBack(
  { store, clock, leaseMs }: Settings,
  request: { readonly key: string; readonly owner: string },
): Promise<void> {
  for (let tries = 0; tries < 4; tries += 1) {
    const answer = await store.release(request).catch(() => 'unknown' as const);
    if (answer === 'released') return;
    await clock.sleep(leaseMs / 4, { keepsAlive: false });
  }
}
