import { describe, expect, test } from 'vitest';
import { describeTotals, needsServers, type Report, sumReports } from '../src/results.js';

const report = (numbers: Partial<Report>): Report => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...numbers,
});

describe('the totals', () => {
  test('add up the reports of all packages', () => {
    const totals = sumReports([
      report({ numPassedTests: 3, numPendingTests: 1 }),
      report({ numPassedTests: 4, numFailedTests: 2, numTodoTests: 1 }),
    ]);
    expect(totals).toEqual({ passed: 7, failed: 2, skipped: 2 });
  });

  test('count a file that could not be loaded as one failure, and no failed test twice', () => {
    const unloadable = { status: 'failed', assertionResults: [] };
    const failed = { status: 'failed', assertionResults: [{ status: 'failed' }] };
    const totals = sumReports([report({ numFailedTests: 1, testResults: [unloadable, failed] })]);
    expect(totals.failed).toBe(2);
  });

  test('are one line, which names skipped tests only when there are any', () => {
    expect(describeTotals({ passed: 7, failed: 2, skipped: 0 })).toBe('7 passed, 2 failed');
    expect(describeTotals({ passed: 7, failed: 0, skipped: 1 })).toBe(
      '7 passed, 0 failed, 1 skipped',
    );
  });
});

describe('a run without servers', () => {
  test('leaves out what starts servers and processes of its own', () => {
    const files = ['test/faults.test.ts', 'test/faults-redis.test.ts', 'test/process-a.test.ts'];
    for (const file of files) expect(needsServers(file, { REDIS_URL: 'redis://x' })).toBe(true);
  });

  test('leaves out what wants a Redis, unless the environment names one', () => {
    expect(needsServers('test/take.redis.test.ts', {})).toBe(true);
    expect(needsServers('test/take.redis.test.ts', { REDIS_URL: 'redis://x' })).toBe(false);
  });

  test('leaves out what wants a PostgreSQL, unless the environment names one', () => {
    const file = 'test/migrate.postgres.test.ts';
    expect(needsServers(file, { REDIS_URL: 'redis://x' })).toBe(true);
    expect(needsServers(file, { DATABASE_URL: 'postgres://x' })).toBe(false);
  });

  test('keeps everything else', () => {
    for (const file of ['test/take.test.ts', 'test/processes.ts', 'test/no-faults.test.ts']) {
      expect(needsServers(file, {})).toBe(false);
    }
  });
});
