import type { Problem } from '../problem.js';
import { problem, type Rule } from './rule.js';

interface LockEntry {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lockFile = 'package-lock.json';

/**
 * The lock installs everywhere: `npm ci` fails where the entry of a platform's package is
 * missing, and a lock that names a private host works nowhere else.
 */
export const lock: Rule = ({ files }) => {
  const text = files.get(lockFile);
  if (text === undefined) return [problem(lockFile, 'is missing')];
  const { packages } = JSON.parse(text) as { packages: Record<string, LockEntry> };
  const lines = text.split('\n');
  const line = (path: string) => lines.findIndex((one) => one.includes(`"${path}": {`)) + 1;
  return Object.entries(packages).flatMap(([path, entry]) => {
    const sentences = [...missingOptionals(packages, path, entry), ...unsure(path, entry)];
    return sentences.map(
      (sentence): Problem => problem(lockFile, sentence, Math.max(1, line(path))),
    );
  });
};

function missingOptionals(
  packages: Readonly<Record<string, LockEntry>>,
  path: string,
  { optionalDependencies = {} }: LockEntry,
): string[] {
  return Object.keys(optionalDependencies)
    .filter((name) => !placesFor(path, name).some((place) => place in packages))
    .map((name) => `has no entry for ${name}, which ${path || 'the root'} wants on some platform`);
}

/** Where Node would look for a package from another, nearest first. */
function placesFor(path: string, name: string): string[] {
  const places: string[] = [];
  const parts = path === '' ? [] : path.split('/');
  for (let length = parts.length; length >= 0; length--) {
    if (parts[length - 1] === 'node_modules') continue;
    places.push([...parts.slice(0, length), 'node_modules', name].join('/'));
  }
  return places;
}

function unsure(path: string, { link, resolved, integrity }: LockEntry): string[] {
  if (link || !path.includes('node_modules/')) return [];
  const sentences: string[] = [];
  if (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')) {
    sentences.push(`takes ${path} from ${resolved}, not from the public registry`);
  }
  if (integrity === undefined) sentences.push(`has no integrity for ${path}`);
  return sentences;
}
