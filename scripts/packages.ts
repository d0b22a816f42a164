/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: unknown;
  readonly engines?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly repository?: { readonly directory?: string };
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * A pattern is what the repository is for; support is published because a pattern needs it at run
 * time; what is private never leaves the repository.
 */
export type Kind = 'pattern' | 'support' | 'private';

/** A workspace under `packages/`. */
export interface Package {
  /** The folder's name, which is also the name without the scope. */
  readonly folder: string;
  /** The path from the root: `packages/clock`. */
  readonly dir: string;
  readonly name: string;
  readonly kind: Kind;
  readonly manifest: Manifest;
}

/** The packages in the order in which they are meant to be read: patterns first, then support. */
const readingOrder = [
  'token-bucket',
  'fenced-lock',
  'dedupe',
  'retry-budget',
  'single-flight',
  'hash-ring',
  'saga',
  'clock',
  'redis-script',
  'postgres-statement',
  'call-context',
];

const support = new Set(['clock', 'redis-script', 'postgres-statement', 'call-context']);

/** Finds the packages among the repository's files, in reading order. */
export function packagesOf(files: ReadonlyMap<string, string>): Package[] {
  const packages: Package[] = [];
  for (const [path, text] of files) {
    const folder = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) continue;
    const manifest = JSON.parse(text) as Manifest;
    const kind = manifest.private ? 'private' : support.has(folder) ? 'support' : 'pattern';
    packages.push({ folder, dir: `packages/${folder}`, name: manifest.name, kind, manifest });
  }
  const rank = ({ folder }: Package) => {
    const at = readingOrder.indexOf(folder);
    return at === -1 ? readingOrder.length : at;
  };
  return packages.sort((a, b) => rank(a) - rank(b) || a.folder.localeCompare(b.folder));
}

/** What others import: every entry but `./package.json`, with the source file it is built from. */
export function entriesOf(manifest: Manifest): { entry: string; source: string | undefined }[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([entry]) => entry !== './package.json')
    .map(([entry, target]) => ({ entry, source: sourceOfTarget(target) }));
}

function sourceOfTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target.replace(/^\.\//, '');
  const esm = (target as { import?: { types?: string } } | null)?.import?.types;
  return esm?.replace(/^\.\/dist\/(.*)\.d\.ts$/, 'src/$1.ts');
}
