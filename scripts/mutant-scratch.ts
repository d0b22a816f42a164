import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { run } from './child.js';
import type { Mutant, NamedTest } from './mutant-patch.js';
import { endingOf, type TestEnding, type VitestReport } from './mutant-verdict.js';
import type { Repository } from './repository.js';
import { namePattern } from './test-names.js';

/** A copy of the repository in which sources may be spoiled. */
export interface Scratch {
  /** Runs one test; the copy is as the last `apply` left it. */
  test(folder: string, test: NamedTest, timeoutMs: number): Promise<Run>;
  /** Says why the patch does not apply, or nothing. */
  apply(mutant: Mutant): Promise<string | undefined>;
  restore(mutant: Mutant): void;
  remove(): void;
}

/** How a test ended, and how long the run took. */
export interface Run {
  readonly ending: TestEnding;
  readonly tookMs: number;
  /** The end of what the runner printed, for when the test did not run. */
  readonly output: string;
}

/**
 * Copies the repository's own files to a temporary folder. What is installed is shared by a link:
 * a package's tests import its own sources by path, and those of others as they are built.
 */
export function createScratch(repository: Repository, root: string): Scratch {
  const dir = mkdtempSync(join(tmpdir(), 'gabion-mutants-'));
  for (const path of repository.files.keys()) {
    mkdirSync(join(dir, dirname(path)), { recursive: true });
    copyFileSync(join(root, path), join(dir, path));
  }
  for (const at of ['', ...repository.packages.map((pkg) => pkg.dir)]) {
    const installed = join(root, at, 'node_modules');
    if (existsSync(installed)) symlinkSync(installed, join(dir, at, 'node_modules'), 'dir');
  }
  return {
    test: (folder, test, timeoutMs) => runTest(dir, root, folder, test, timeoutMs),
    async apply({ path }) {
      // Git must not take the copy for a part of a repository that lies above it.
      const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(dir) };
      const { status, stderr } = await run('git', ['apply', path], { cwd: dir, env });
      return status === 0 ? undefined : stderr.trim();
    },
    restore({ touches }) {
      for (const file of touches) copyFileSync(join(root, file), join(dir, file));
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

async function runTest(
  dir: string,
  root: string,
  folder: string,
  test: NamedTest,
  timeoutMs: number,
): Promise<Run> {
  // vitest.base.ts has every run write it there.
  const report = join(dir, 'packages', folder, '.vitest/results.json');
  rmSync(report, { force: true });
  const { stdout, stderr, timedOut, tookMs } = await run(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...['run', test.file, '--testNamePattern', namePattern(test.name)],
    ],
    { cwd: join(dir, 'packages', folder), timeoutMs },
  );
  const output = stripVTControlCharacters(`${stdout}\n${stderr}`)
    .trim()
    .split('\n')
    .slice(-20)
    .join('\n');
  if (timedOut) return { ending: 'timeout', tookMs, output };
  const results = existsSync(report)
    ? (JSON.parse(readFileSync(report, 'utf8')) as VitestReport)
    : undefined;
  return { ending: endingOf(results, test), tookMs, output };
}
