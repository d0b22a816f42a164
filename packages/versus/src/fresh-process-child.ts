import type { Job } from './fresh-process.js';

/** The other end of `inFreshProcess`: does one job, answers, and goes. */
process.once('message', async ({ module, name, argument }: Job) => {
  try {
    const found = (await import(module)) as Record<string, (argument: unknown) => unknown>;
    const value = await found[name]?.(argument);
    // Timers and connections of peers may be open still; they are no reason to stay.
    process.send?.({ value }, () => process.exit(0));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});

process.on('disconnect', () => process.exit(1));
