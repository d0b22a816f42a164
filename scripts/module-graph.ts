import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { entriesOf } from './packages.js';
import { type Repository, sourceOf } from './repository.js';
import { type ModuleMention, mentionsOf } from './syntax.js';

/** A module that is none of the repository's, and the files through which it is reached. */
export interface OutsideMention extends ModuleMention {
  readonly file: string;
  /** From the entry to the file that mentions it. */
  readonly path: readonly string[];
}

const builtins = new Set(builtinModules);

/** True for what only Node has: `node:fs`, `fs`, `fs/promises`. */
export function isNodeModule(specifier: string): boolean {
  return specifier.startsWith('node:') || builtins.has(specifier);
}

/** Walks from an entry through our own files and packages, and says what they take from outside. */
export function outsideMentions(repository: Repository, entry: string): OutsideMention[] {
  const outside: OutsideMention[] = [];
  const seen = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    if (seen.has(file)) return;
    seen.add(file);
    const here = [...path, file];
    for (const mention of mentionsOf(sourceOf(repository, file))) {
      const own = ownFile(repository, file, mention.specifier);
      if (own === undefined) outside.push({ ...mention, file, path: here });
      else visit(own, here);
    }
  };
  visit(entry, []);
  return outside;
}

/** The repository's own file behind a specifier, if there is one. */
export function ownFile(
  { files, packages }: Repository,
  from: string,
  specifier: string,
): string | undefined {
  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(from), specifier);
    const source = path.replace(/\.js$/, '.ts');
    return files.has(source) ? source : undefined;
  }
  const pkg = packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (pkg === undefined) return undefined;
  const wanted = `.${specifier.slice(pkg.name.length)}`;
  for (const { entry, source } of entriesOf(pkg.manifest)) {
    const [before = '', after] = entry.split('*');
    const fits = after === undefined ? wanted === entry : wanted.startsWith(before);
    const path = `${pkg.dir}/${source?.replace('*', wanted.slice(before.length))}`;
    if (fits && files.has(path)) return path;
  }
  return undefined;
}
