import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Package, packagesOf } from './packages.js';

/** The repository as the checks see it: its own files, by their path from the root. */
export interface Repository {
  readonly files: ReadonlyMap<string, string>;
  readonly packages: readonly Package[];
}

/** The root of this repository. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** What tools write, wherever it turns up; the same names are in .gitignore. */
const made = new Set(['.git', 'node_modules', 'dist', '.turbo', '.vitest', 'coverage', 'docs/api']);

/** Reads every file that is the repository's own: not installed, built, cached or generated. */
export function readRepository(at: string = root): Repository {
  return repositoryOf(filesIn(at, made));
}

/** Every file below a folder, by its path in it, but for the names and paths to leave out. */
export function filesIn(
  at: string,
  leaveOut: ReadonlySet<string> = new Set(),
): Map<string, string> {
  const files = new Map<string, string>();
  const read = (dir: string) => {
    for (const entry of readdirSync(`${at}/${dir}`, { withFileTypes: true })) {
      const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
      if (leaveOut.has(entry.name) || leaveOut.has(path)) continue;
      if (entry.isDirectory()) read(path);
      if (entry.isFile()) files.set(path, readFileSync(`${at}/${path}`, 'utf8'));
    }
  };
  read('');
  return files;
}

/** A repository from files in memory, so that every rule can be shown one that breaks it. */
export function repositoryOf(files: Iterable<readonly [string, string]>): Repository {
  const byPath = new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { files: byPath, packages: packagesOf(byPath) };
}

/** The files whose path matches, in the order of their paths. */
export function filesLike(repository: Repository, path: RegExp): [path: string, text: string][] {
  return [...repository.files].filter(([name]) => path.test(name));
}

const parsed = new WeakMap<Repository, Map<string, ts.SourceFile>>();

/** The syntax tree of a file, parsed once for all rules. */
export function sourceOf(repository: Repository, path: string): ts.SourceFile {
  const trees = parsed.get(repository) ?? new Map<string, ts.SourceFile>();
  parsed.set(repository, trees);
  const tree = trees.get(path) ?? parse(path, repository.files.get(path) ?? '');
  trees.set(path, tree);
  return tree;
}

/** The syntax tree of a text, with parents set. */
export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}
