import type { Package } from '../packages.js';
import type { Problem } from '../problem.js';
import { filesLike, type Repository } from '../repository.js';
import { problem, type Rule } from './rule.js';

const namesThatHoldAnything = /^(common|core|shared|utils?|helpers?|lib)$/;
const forEvery = ['README.md', 'tsconfig.json', 'vitest.config.ts', 'src/index.ts'];
const forPublished = ['LICENSE', 'tsup.config.ts', 'typedoc.json'];
const fewFiles = 12;
const decisionLines = 40;

/** Which files a package, an example and a decision record consist of, and where they lie. */
export const layout: Rule = (repository) => [
  ...repository.packages.flatMap((pkg) => [
    ...wrongName(pkg),
    ...missingFiles(repository, pkg),
    ...deepSources(repository, pkg),
  ]),
  ...examples(repository),
  ...decisions(repository),
];

function wrongName({ folder, dir, name }: Package): Problem[] {
  const file = `${dir}/package.json`;
  if (namesThatHoldAnything.test(folder)) {
    return [problem(file, `"${folder}" may hold anything; name a package for what it holds`)];
  }
  if (name !== `@gabion/${folder}`)
    return [problem(file, `is called ${name}, not @gabion/${folder}`)];
  return [];
}

function missingFiles({ files }: Repository, { dir, kind, manifest }: Package): Problem[] {
  const wanted = [...forEvery];
  if (kind !== 'private') wanted.push(...forPublished);
  // A change log begins with the first release: `changeset version` writes it.
  if (kind !== 'private' && manifest.version !== '0.0.0') wanted.push('CHANGELOG.md');
  return wanted
    .filter((file) => !files.has(`${dir}/${file}`) && !isExempt(dir, file, files))
    .map((file) => problem(`${dir}/${file}`, 'is missing'));
}

/** What is only ever run, like `versus`, has a `main.ts` for an `index.ts`. */
function isExempt(dir: string, file: string, files: Repository['files']): boolean {
  return file === 'src/index.ts' && files.has(`${dir}/src/main.ts`);
}

function deepSources(repository: Repository, { dir }: Package): Problem[] {
  const sources = filesLike(repository, new RegExp(`^${dir}/src/`)).map(([path]) => path);
  return sources.flatMap((path) => {
    const below = path.slice(`${dir}/src/`.length);
    if (!below.includes('/')) return [];
    if (below.endsWith('/index.ts')) return [problem(path, 'is an index.ts below the root of src')];
    if (sources.length > fewFiles) return [];
    return [problem(path, `src stays flat until it has more than ${fewFiles} files`)];
  });
}

function examples({ files }: Repository): Problem[] {
  const dirs = new Set(
    [...files.keys()].flatMap((path) => /^examples\/[^/]+(?=\/)/.exec(path) ?? []),
  );
  return [...dirs].flatMap((dir) => [
    ...(/^examples\/\d\d-[a-z-]+$/.test(dir) ? [] : [problem(dir, 'is not called NN-name')]),
    ...['README.md', 'package.json', 'main.ts']
      .filter((file) => !files.has(`${dir}/${file}`))
      .map((file) => problem(`${dir}/${file}`, 'is missing')),
  ]);
}

function decisions(repository: Repository): Problem[] {
  return filesLike(repository, /^docs\/decisions\//).flatMap(([path, text]) => {
    const lines = text.trimEnd().split('\n').length;
    return [
      ...(/\/(\d{4}-[a-z0-9-]+|README)\.md$/.test(path)
        ? []
        : [problem(path, 'is not NNNN-title.md')]),
      ...(lines <= decisionLines
        ? []
        : [problem(path, `has ${lines} lines; ${decisionLines} is the most`)]),
    ];
  });
}
