import { lawsOf } from './laws.js';
import type { Package } from './packages.js';
import { filesLike, type Repository, sourceOf } from './repository.js';
import { numberOf, testsIn } from './test-names.js';

/** A promise as it is printed: what holds, and the file that checks it. */
interface Claim {
  /** The heading that it stands under. */
  readonly group: string;
  readonly text: string;
  readonly file: string;
}

const kindsOfProof =
  /\/test\/(.*\.(property|conformance|parity|race)|parity[^/]*|faults[^/]*)\.test\.ts$/;

const opening = `# Guarantees

<!-- Written by \`npm run guarantees\` from the names of laws and tests; edit those, not this. -->

Every line is the name of a law or of a test, followed by the file that checks it. What a package
does not promise is in its README, under "Not guaranteed".
`;

/** The page that lists what is promised, package by package, in reading order. */
export function guaranteesPage(repository: Repository): string {
  const sections = repository.packages
    .filter(({ kind }) => kind !== 'private')
    .map((pkg) => section(pkg, [...testedClaims(repository, pkg), ...lawClaims(repository, pkg)]));
  return [opening, ...sections.filter((text) => text !== '')].join('\n');
}

/** A law is listed once, however many stores keep it; who keeps it stands in the heading. */
function lawClaims(repository: Repository, pkg: Package): Claim[] {
  const keepers = filesLike(
    repository,
    new RegExp(`^${pkg.dir}/test/.*\\.conformance[^/]*\\.test\\.ts$`),
  );
  const names = keepers.map(([path]) => /\/([^/]+?)\.conformance/.exec(path)?.[1] ?? path);
  const group = `Laws of a store, kept by: ${names.join(', ') || 'none yet'}`;
  return lawsOf(repository, pkg).map(({ name, file }) => ({ group, text: name, file }));
}

/** The tests of numbered promises, wherever they are, and all that are more than examples. */
function testedClaims(repository: Repository, { dir }: Package): Claim[] {
  const files = filesLike(repository, new RegExp(`^${dir}/test/.*\\.test\\.ts$`));
  return files.flatMap(([file]) =>
    testsIn(sourceOf(repository, file)).flatMap(({ titles }) => {
      const [first, ...rest] = titles.map(({ text }) => text);
      const isLaw = titles.at(-1)?.pattern === undefined;
      const isNumbered = numberOf(first ?? '') !== undefined;
      if (first === undefined || isLaw || !(isNumbered || kindsOfProof.test(file))) return [];
      return [{ group: rest.length > 0 ? first : 'Also', text: rest.join(': ') || first, file }];
    }),
  );
}

function section({ name, dir }: Package, claims: readonly Claim[]): string {
  if (claims.length === 0) return '';
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) {
    groups.set(claim.group, [...(groups.get(claim.group) ?? []), claim]);
  }
  // Numbered promises come first, in the order of their numbers; the rest as they were found.
  const rank = (group: string) => numberOf(group) ?? Number.MAX_SAFE_INTEGER;
  const sorted = [...groups].sort(([a], [b]) => {
    return rank(a) - rank(b) || (numberOf(a) === undefined ? 0 : a.localeCompare(b));
  });
  const parts = sorted.map(([group, members]) => {
    const lines = members.map(({ text, file }) => {
      return `* ${plain(text)}: [${file.slice(dir.length + 1)}](../${file})`;
    });
    return `### ${plain(group)}\n\n${[...new Set(lines)].join('\n')}\n`;
  });
  return [`## ${name}\n`, ...parts].join('\n');
}

/** A title as text: what Markdown would take for a sign of its own is escaped, but not in code. */
function plain(title: string): string {
  const parts = title.split(/(`[^`]*`)/);
  return parts
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[<*_[\]|{}]/g, '\\$&')))
    .join('');
}
