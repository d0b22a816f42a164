import type { Manifest } from '../packages.js';
import { parse } from '../repository.js';
import { mentionsOf } from '../syntax.js';

/** The files of a tarball, by their paths in it. */
export type TarballFiles = ReadonlyMap<string, string>;

const wanted = [
  /^README\.md$/,
  /^LICENSE$/,
  /^dist\/index\.js$/,
  /^dist\/index\.cjs$/,
  /^src\/index\.ts$/,
];
const unwanted =
  /^(test|node_modules)\/|\.(test|config)\.|^(tsconfig|typedoc)\.json$|\.tsbuildinfo$/;
const built = /^dist\/.*\.(js|cjs|d\.ts|d\.cts)$/;

/** What a tarball lacks, what it should not have, and where it asks for what is private. */
export function contentProblems(files: TarballFiles, privateNames: readonly string[]): string[] {
  const names = [...files.keys()];
  const isPrivate = (specifier: string) =>
    privateNames.some((name) => `${specifier}/`.startsWith(`${name}/`));
  return [
    ...wanted
      .filter((pattern) => !names.some((name) => pattern.test(name)))
      .map((pattern) => `lacks a file like ${pattern.source}`),
    ...names.filter((name) => unwanted.test(name)).map((name) => `has ${name}, of no use to users`),
    ...dependenciesOf(files)
      .filter(isPrivate)
      .map((name) => `depends on ${name}, which is private`),
    ...names
      .filter((name) => built.test(name))
      .flatMap((name) =>
        specifiersIn(name, files.get(name) ?? '')
          .filter(isPrivate)
          .map((specifier) => `${name} asks for ${specifier}, which is private`),
      ),
  ];
}

function dependenciesOf(files: TarballFiles): string[] {
  const manifest = JSON.parse(files.get('package.json') ?? '{}') as Manifest;
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
}

/** Imports as the compiler sees them, and `require('…')`, of which it says nothing. */
function specifiersIn(name: string, text: string): string[] {
  const required = [...text.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, one = '']) => one);
  return [...mentionsOf(parse(name, text)).map(({ specifier }) => specifier), ...required];
}
