import type { Pattern } from '../report.js';

/** The retry budget beside the retries, the breaker and the HTTP clients that most people use. */
export const retryBudget: Pattern = {
  name: 'retry-budget',
  packages: ['cockatiel', 'p-retry', 'async-retry', 'opossum', 'undici', 'got'],
  // Each section's modules are loaded in its own process only.
  sections: [
    {
      id: 'success',
      title: 'The success path',
      measure: async (settings) => (await import('./success.js')).measureSuccess(settings),
    },
    {
      id: 'outage',
      title: 'A total outage',
      measure: async () => (await import('./outage.js')).measureOutage(),
    },
    {
      id: 'abort',
      title: 'An abort during the backoff',
      measure: async (settings) => (await import('./abort.js')).measureAbort(settings),
    },
    {
      id: 'recovery',
      title: 'Recovery, simulated',
      measure: async (settings) => (await import('./recovery.js')).measureRecovery(settings),
    },
    {
      id: 'limiter',
      title: 'Fifty clients at a limiter',
      measure: async () => (await import('./limiter.js')).measureLimiter(),
    },
    {
      id: 'behaviour',
      title: 'Behaviour of calls',
      measure: async () => (await import('./behaviour.js')).judgeCalls(),
    },
    {
      id: 'behaviour-http',
      title: 'Behaviour of requests',
      measure: async () => (await import('./behaviour.js')).judgeRequests(),
    },
  ],
};
