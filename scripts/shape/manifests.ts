import { entriesOf, type Manifest, type Package } from '../packages.js';
import type { Problem } from '../problem.js';
import type { Repository } from '../repository.js';
import { problem, type Rule } from './rule.js';

/** What the package.json of every package says, and what only that of the root may say. */
export const manifests: Rule = (repository) => {
  const tools = toolsOf(repository);
  return repository.packages.flatMap((pkg) => {
    const sentences = [...toolVersions(pkg.manifest, tools)];
    if (pkg.kind !== 'private') {
      sentences.push(...published(pkg), ...entries(repository, pkg), ...privates(repository, pkg));
    }
    return sentences.map((sentence): Problem => problem(`${pkg.dir}/package.json`, sentence));
  });
};

function toolsOf({ files }: Repository): Set<string> {
  const manifest = JSON.parse(files.get('package.json') ?? '{}') as Manifest;
  return new Set(Object.keys(manifest.devDependencies ?? {}));
}

function toolVersions({ devDependencies, dependencies }: Manifest, tools: Set<string>): string[] {
  return Object.keys({ ...devDependencies, ...dependencies })
    .filter((name) => tools.has(name))
    .map((name) => `gives a version of ${name}; only the root does`);
}

function published({ dir, manifest }: Package): string[] {
  const { access, provenance } = manifest.publishConfig ?? {};
  const claims: readonly (readonly [boolean, string])[] = [
    [manifest.type === 'module', '"type" is not "module"'],
    [manifest.sideEffects === false, '"sideEffects" is not false'],
    [manifest.engines?.['node'] === '>=20.19', '"engines" is not { "node": ">=20.19" }'],
    [manifest.license === 'MIT', '"license" is not "MIT"'],
    [access === 'public', '"publishConfig" lacks "access": "public"'],
    [provenance === true, '"publishConfig" lacks "provenance": true'],
    [manifest.repository?.directory === dir, `"repository" lacks "directory": "${dir}"`],
    [(manifest.description ?? '').endsWith('.'), '"description" is not a sentence'],
    [['dist', 'src'].every((f) => manifest.files?.includes(f)), '"files" lacks "dist" or "src"'],
    [manifest.exports?.['./package.json'] !== undefined, '"exports" lacks "./package.json"'],
  ];
  return claims.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}

/** Each entry serves both module systems, with types for each, and is built from a source. */
function entries({ files }: Repository, { dir, manifest }: Package): string[] {
  return entriesOf(manifest).flatMap(({ entry, source }) => {
    const target = manifest.exports?.[entry] as Record<string, Record<string, string>> | undefined;
    const sentences: string[] = [];
    for (const condition of ['import', 'require']) {
      const keys = Object.keys(target?.[condition] ?? {}).join(' ');
      if (keys === 'types default') continue;
      sentences.push(`"exports" → "${entry}" → "${condition}" is not { "types", "default" }`);
    }
    if (source !== undefined && !files.has(`${dir}/${source}`)) {
      sentences.push(`"exports" → "${entry}" is built from ${source}, which is missing`);
    }
    return sentences;
  });
}

/** What is private is inlined by the build; a dependency on it could not be installed. */
function privates({ packages }: Repository, { manifest }: Package): string[] {
  const wanted = { ...manifest.dependencies, ...manifest.peerDependencies };
  return packages
    .filter(({ kind, name }) => kind === 'private' && name in wanted)
    .map(({ name }) => `depends on ${name}, which is private; it is inlined by the build`);
}
