import { filesLike, type Repository } from './repository.js';

/** A test, by the file it is in and its full name. */
export interface NamedTest {
  /** From the package's folder: `test/bucket.property.test.ts`. */
  readonly file: string;
  readonly name: string;
}

/** A planted defect: a patch, and the tests that go red under it. */
export interface Mutant {
  /** `drop-clamp`, from `drop-clamp.patch`. */
  readonly name: string;
  /** The folder of its package. */
  readonly folder: string;
  /** The patch, from the root. */
  readonly path: string;
  readonly kills: readonly NamedTest[];
  /** True when the mutant makes the test hang, so that a time-out is the red it means. */
  readonly killsByTimeout: boolean;
  /** The files it changes, from the root. */
  readonly touches: readonly string[];
}

/** The mutants of all packages, in the order of their paths. */
export function mutantsOf(repository: Repository): Mutant[] {
  return filesLike(repository, /^packages\/[^/]+\/test\/mutants\/[^/]+\.patch$/).map(
    ([path, text]) => readMutant(path, text),
  );
}

/** Reads the header lines, which stand before the diff, and what the diff touches. */
export function readMutant(path: string, text: string): Mutant {
  const [, folder = '', name = ''] = /^packages\/([^/]+)\/.*\/([^/]+)\.patch$/.exec(path) ?? [];
  const header = text.split(/^(?:diff --git|---) /m)[0] ?? '';
  const kills = [...header.matchAll(/^Kills: (\S+) > (.+?)\s*$/gm)].map(
    ([, file = '', test = '']): NamedTest => ({
      file: file.replace(`packages/${folder}/`, ''),
      name: test,
    }),
  );
  const touched = [...text.matchAll(/^(?:---|\+\+\+) (?:[ab]\/)?(\S+)/gm)].map(
    ([, file = '']) => file,
  );
  const touches = [...new Set(touched)].filter((file) => file !== '/dev/null');
  const killsByTimeout = /^Kills-by: timeout\s*$/m.test(header);
  return { name, folder, path, kills, killsByTimeout, touches };
}
