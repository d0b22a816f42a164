import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../child.js';
import { entriesOf, type Package } from '../packages.js';
import { programFor } from './program.js';
import { must, type Tarball } from './tarballs.js';

/** A project that has installed one package and nothing else. */
export interface Consumer {
  readonly pkg: Package;
  readonly dir: string;
  /** What others import: `@gabion/clock`, `@gabion/clock/testing`. */
  readonly specifiers: readonly string[];
}

/** Installs a package, with those of ours that it depends on, into an empty project. */
export async function install(
  tarball: Tarball,
  all: readonly Tarball[],
  scratch: string,
): Promise<{ consumer: Consumer; problems: string[] }> {
  const { pkg } = tarball;
  const dir = emptyProject(scratch, pkg.folder);
  const files = withOwnDependencies(tarball, all).map(({ file }) => file);
  const { stderr } = await must('npm', [...npmInstall, ...files], dir);
  const specifiers = entriesOf(pkg.manifest).map(({ entry }) => `${pkg.name}${entry.slice(1)}`);
  return { consumer: { pkg, dir, specifiers }, problems: warningsIn(stderr) };
}

const npmInstall = ['install', '--no-audit', '--no-fund', '--prefer-offline'];

function emptyProject(scratch: string, name: string): string {
  const dir = join(scratch, 'projects', name);
  mkdirSync(dir, { recursive: true });
  const manifest = { name: `uses-${name}`, version: '1.0.0', private: true };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest));
  return dir;
}

/** A tarball and those of ours that it needs, and that they need in turn. */
export function withOwnDependencies(tarball: Tarball, all: readonly Tarball[]): Tarball[] {
  const found = new Set([tarball]);
  // A set is walked on to what is added on the way.
  for (const { pkg } of found) {
    const needed = pkg.manifest.dependencies ?? {};
    for (const other of all) if (other.pkg.name in needed) found.add(other);
  }
  return [...found];
}

/** What npm warns of is about the package; only its doubts about its own settings are not. */
export function warningsIn(stderr: string): string[] {
  const aboutSettings = /^npm warn (unknown|invalid|using|config)/i;
  return stderr
    .split('\n')
    .filter((line) => /^npm warn /i.test(line) && !aboutSettings.test(line))
    .map((line) => `installing it says: ${line}`);
}

/** Uses every entry from ESM and from CommonJS, and says where they fail or differ. */
export async function useFromNode({ pkg, dir, specifiers }: Consumer): Promise<string[]> {
  writeFileSync(join(dir, 'use.mjs'), programFor('esm', pkg, specifiers));
  writeFileSync(join(dir, 'use.cjs'), programFor('commonjs', pkg, specifiers));
  const esm = await run(process.execPath, ['use.mjs'], { cwd: dir });
  // Jest cannot require ESM, so the CommonJS build must not lean on a Node that can.
  const noEsm = '--no-experimental-require-module';
  const commonjs = await run(process.execPath, [noEsm, 'use.cjs'], { cwd: dir });
  if (esm.status !== 0) return [`fails from ESM: ${esm.stderr}`];
  if (commonjs.status !== 0) return [`fails from CommonJS: ${commonjs.stderr}`];
  if (esm.stdout === commonjs.stdout) return [];
  return [`exports ${esm.stdout.trim()} to ESM, but ${commonjs.stdout.trim()} to CommonJS`];
}

/** Installs Jest once for all projects; nothing else in the repository needs it. */
export async function installJest(scratch: string): Promise<string> {
  const dir = emptyProject(scratch, 'jest');
  await must('npm', [...npmInstall, 'jest@30'], dir);
  return join(dir, 'node_modules/jest/bin/jest.js');
}

/** Runs the same use in Jest, which has a module system of its own. */
export async function useFromJest(
  { pkg, dir, specifiers }: Consumer,
  jest: string,
): Promise<string[]> {
  writeFileSync(join(dir, 'use.test.cjs'), programFor('jest', pkg, specifiers));
  const config = JSON.stringify({ rootDir: dir, testMatch: ['**/use.test.cjs'], transform: {} });
  const { status, stderr } = await run(process.execPath, [jest, '--config', config], { cwd: dir });
  return status === 0 ? [] : [`fails in Jest: ${stderr}`];
}
