import type { Pattern } from '../report.js';

/** The token bucket beside the limiters that most people use. */
export const tokenBucket: Pattern = {
  name: 'token-bucket',
  packages: ['rate-limiter-flexible', 'limiter', 'express-rate-limit', 'ioredis', 'redis'],
  // Each section's modules are loaded in its own process only.
  sections: [
    {
      id: 'hot-key',
      title: 'In memory: one hot key',
      measure: async (settings) => (await import('./speed.js')).measureHotKey(settings),
    },
    {
      id: 'refusal',
      title: 'In memory: a refusal',
      measure: async (settings) => (await import('./speed.js')).measureRefusal(settings),
    },
    {
      id: 'many-keys',
      title: 'In memory: many keys',
      measure: async (settings) => (await import('./speed.js')).measureManyKeys(settings),
    },
    {
      id: 'awaited',
      title: 'In memory: by a promise',
      measure: async (settings) => (await import('./speed.js')).measureAwaited(settings),
    },
    {
      id: 'bytes-per-key',
      title: 'In memory: bytes per key',
      measure: async (settings) =>
        (await import('./bytes-per-key.js')).measureBytesPerKey(settings),
    },
    {
      id: 'redis',
      title: 'Over Redis, by ioredis',
      measure: async (settings) => (await import('./redis-speed.js')).measureIoredis(settings),
    },
    {
      id: 'node-redis',
      title: 'Over Redis, by node-redis',
      measure: async (settings) => (await import('./redis-speed.js')).measureNodeRedis(settings),
    },
    {
      id: 'behaviour',
      title: 'Behaviour in memory',
      measure: async () => (await import('./behaviour.js')).judgeInMemory(),
    },
    {
      id: 'behaviour-redis',
      title: 'Behaviour over Redis',
      measure: async () => (await import('./behaviour.js')).judgeOverRedis(),
    },
  ],
};
