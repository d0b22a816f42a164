import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Tests that kill, stall and restart their own servers or processes: long, and one at a time. */
const heavy = ['test/**/faults*.test.ts', 'test/**/process*.test.ts'];

/**
 * How every package is tested: quick tests in parallel, heavy ones in a project of their own.
 * `globalSetup` names the servers that the package's tests want, from `@gabion/testkit`.
 */
export function base({ globalSetup = [] }: { globalSetup?: string[] } = {}): ViteUserConfig {
  const withServers = process.env['GABION_NO_SERVERS'] !== '1';
  const withoutUrl = [
    ...(process.env['REDIS_URL'] ? [] : ['test/**/*.redis.test.ts']),
    ...(process.env['DATABASE_URL'] ? [] : ['test/**/*.postgres.test.ts']),
  ];
  const common = { globalSetup, testTimeout: 30_000, hookTimeout: 60_000, maxWorkers: 2 };
  return defineConfig({
    test: {
      reporters: ['default', ['json', { outputFile: '.vitest/results.json' }]],
      passWithNoTests: !withServers,
      projects: [
        {
          test: {
            ...common,
            name: 'unit',
            include: ['test/**/*.test.ts'],
            exclude: withServers ? heavy : [...heavy, ...withoutUrl],
          },
        },
        {
          test: {
            ...common,
            name: 'heavy',
            include: withServers ? heavy : [],
            fileParallelism: false,
            testTimeout: 120_000,
          },
        },
      ],
    },
  });
}
