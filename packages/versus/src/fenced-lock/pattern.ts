import type { Pattern } from '../report.js';

/** The lock beside the locks on Redis that most people use. */
export const fencedLock: Pattern = {
  name: 'fenced-lock',
  packages: ['redlock-4', 'redlock-5', '@sesamecare-oss/redlock', 'redis-semaphore', 'ioredis'],
  // Each section's modules are loaded in its own process only.
  sections: [
    {
      id: 'uncontended',
      title: 'Over Redis: nobody waits',
      measure: async (settings) => (await import('./uncontended.js')).measureUncontended(settings),
    },
    {
      id: 'contended',
      title: 'Over Redis: 50 contenders',
      measure: async (settings) => (await import('./contended.js')).measureContended(settings),
    },
    {
      id: 'fairness',
      title: 'Over Redis: fairness',
      measure: async (settings) => (await import('./fairness.js')).measureFairness(settings),
    },
    {
      id: 'behaviour',
      title: 'Behaviour over Redis',
      measure: async () => (await import('./behaviour.js')).judgeEveryLock(),
    },
  ],
};
