import { isNodeModule, outsideMentions } from '../module-graph.js';
import type { Package } from '../packages.js';
import type { Problem } from '../problem.js';
import { filesLike, type Repository, sourceOf } from '../repository.js';
import { mentionsOf } from '../syntax.js';
import { problem, type Rule } from './rule.js';

/** Who may import what. */
export const imports: Rule = (repository) =>
  repository.packages.flatMap((pkg) => [
    ...otherPatterns(repository, pkg),
    ...(pkg.kind === 'private' ? [] : notEverywhere(repository, pkg)),
  ]);

/** Patterns meet in examples; a pattern that leans on another cannot be read, or changed, alone. */
function otherPatterns(repository: Repository, pkg: Package): Problem[] {
  if (pkg.kind === 'private') return [];
  const others = repository.packages.filter(
    ({ kind, dir }) => kind === 'pattern' && dir !== pkg.dir,
  );
  const found: Problem[] = [];
  const { dependencies, devDependencies, peerDependencies } = pkg.manifest;
  const named = { ...dependencies, ...devDependencies, ...peerDependencies };
  for (const { name } of others) {
    if (!(name in named)) continue;
    found.push(problem(`${pkg.dir}/package.json`, `depends on ${name}: patterns meet in examples`));
  }
  for (const [path] of filesLike(repository, new RegExp(`^${pkg.dir}/.*\\.ts$`))) {
    for (const { specifier, line } of mentionsOf(sourceOf(repository, path))) {
      const other = others.find(({ name }) => `${specifier}/`.startsWith(`${name}/`));
      if (other === undefined) continue;
      found.push(problem(path, `imports ${specifier}: patterns meet in examples`, line));
    }
  }
  return found;
}

/**
 * `"."` runs wherever JavaScript does: nothing in it is Node's, in types neither, and no client
 * library is loaded by it.
 */
function notEverywhere(repository: Repository, { dir, name, manifest }: Package): Problem[] {
  const entry = `${dir}/src/index.ts`;
  if (!repository.files.has(entry)) return [];
  const peers = Object.keys(manifest.peerDependencies ?? {});
  return outsideMentions(repository, entry).flatMap(({ specifier, typeOnly, file, line, path }) => {
    const isPeer = peers.some((peer) => `${specifier}/`.startsWith(`${peer}/`));
    if (!isNodeModule(specifier) && (typeOnly || !isPeer)) return [];
    const through = path.map((step) => step.replace(/^packages\//, '')).join(' → ');
    return [problem(file, `"." of ${name} imports ${specifier} (${through})`, line)];
  });
}
