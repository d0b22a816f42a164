/** The part of Vitest's JSON report that is summed up. */
export interface Report {
  /** How many tests passed. */
  readonly numPassedTests: number;
  /** How many failed. */
  readonly numFailedTests: number;
  /** How many were skipped. */
  readonly numPendingTests: number;
  /** How many are only announced. */
  readonly numTodoTests: number;
  /** The files; one that fails without a failed test could not even be loaded. */
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** How the tests of all packages went. */
export interface Totals {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that failed, and files that could not be loaded. */
  readonly failed: number;
  /** Tests that were skipped or only announced. */
  readonly skipped: number;
}

function brokenFiles({ testResults }: Report): number {
  const failed = testResults.filter(({ status }) => status === 'failed');
  return failed.filter((file) => file.assertionResults.every(({ status }) => status !== 'failed'))
    .length;
}

/** Adds up the reports of several packages. */
export function sumReports(reports: readonly Report[]): Totals {
  const sum = (count: (report: Report) => number) =>
    reports.reduce((total, report) => total + count(report), 0);
  return {
    passed: sum((report) => report.numPassedTests),
    failed: sum((report) => report.numFailedTests + brokenFiles(report)),
    skipped: sum((report) => report.numPendingTests + report.numTodoTests),
  };
}

/** The last line of a test run. */
export function describeTotals({ passed, failed, skipped }: Totals): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

/**
 * Whether a run without servers leaves a test file out: it needs servers of its own, or the
 * provided Redis or PostgreSQL while the environment names none.
 */
export function needsServers(file: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (/^(faults|process).*\.test\.ts$/.test(name)) return true;
  if (name.endsWith('.postgres.test.ts')) return !env['DATABASE_URL'];
  return name.endsWith('.redis.test.ts') && !env['REDIS_URL'];
}
