import type { Pattern, Section } from '../report.js';

/** The most that a lookup may take, as a multiple of the hash of its key, by the nodes. */
const most = { 10: 1.3, 100: 1.3, 1000: 1.8 } as const;

function lookup(nodes: keyof typeof most): Section {
  return {
    id: `lookup-${nodes}`,
    title: `Lookup among ${nodes} nodes`,
    measure: async (settings) =>
      (await import('./speed.js')).measureLookup(nodes, most[nodes], settings),
  };
}

/** The hash ring beside the rings of npm. */
export const hashRing: Pattern = {
  name: 'hash-ring',
  packages: [
    'hashring',
    'consistent-hash',
    'ketama',
    'hash-ring',
    'consistent-hashing',
    'jumphash',
    'effect',
  ],
  // Each section's modules are loaded in its own process only.
  sections: [
    lookup(10),
    lookup(100),
    lookup(1000),
    {
      id: 'jump',
      title: 'Jump hashing',
      measure: async (settings) => (await import('./speed.js')).measureJump(settings),
    },
    {
      id: 'build',
      title: 'Building a ring',
      measure: async (settings) => (await import('./build.js')).measureBuild(settings),
    },
    {
      id: 'sharing',
      title: 'Balance, movement and agreement',
      measure: async () => (await import('./sharing.js')).measureSharing(),
    },
    {
      id: 'behaviour',
      title: 'Behaviour',
      measure: async () => (await import('./behaviour.js')).judgeRings(),
    },
  ],
};
