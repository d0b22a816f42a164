import { lawsOf } from '../laws.js';
import { type Mutant, mutantsOf } from '../mutant-patch.js';
import type { Package } from '../packages.js';
import type { Problem } from '../problem.js';
import { filesLike, type Repository, sourceOf } from '../repository.js';
import { flatName, isNamed, numberOf, testsIn } from '../test-names.js';
import { problem, type Rule } from './rule.js';

/** Every numbered promise has a test, and every test of one has been seen to go red. */
export const promises: Rule = (repository) => {
  const mutants = mutantsOf(repository);
  return repository.packages.flatMap((pkg) => {
    const own = mutants.filter(({ folder }) => folder === pkg.folder);
    return [
      ...own.flatMap((mutant) => badHeader(repository, pkg, mutant)),
      ...unheld(pkg, numbersIn(repository, pkg), own),
    ];
  });
};

function badHeader(repository: Repository, pkg: Package, mutant: Mutant): Problem[] {
  const { path, kills, touches } = mutant;
  const sentences: string[] = [];
  if (kills.length === 0) sentences.push('has no line "Kills: <test file> > <full test name>"');
  for (const { file, name } of kills) {
    const test = `${pkg.dir}/${file}`;
    if (!repository.files.has(test)) sentences.push(`names ${file}, which does not exist`);
    else if (!exists(repository, pkg, test, name)) {
      sentences.push(`names "${name}", which is no test in ${file}`);
    }
  }
  const outside = touches.filter((file) => !file.startsWith(`${pkg.dir}/src/`));
  for (const file of outside)
    sentences.push(`changes ${file}, which is not a source of ${pkg.name}`);
  if (touches.length === 0) sentences.push('changes nothing');
  return sentences.map((sentence) => problem(path, sentence));
}

/** A conformance test takes its names from the laws, so there a law's name is a test's. */
function exists(repository: Repository, pkg: Package, test: string, name: string): boolean {
  const laws = lawsOf(repository, pkg).map((law) => law.name);
  if (isNamed(name, testsIn(sourceOf(repository, test)), laws)) return true;
  const ofLaws = /\.conformance[^/]*\.test\.ts$/.test(test);
  return ofLaws && laws.some((law) => flatName(name).endsWith(flatName(law)));
}

/** The numbers of a package's promises, and where the tests of each begin. */
function numbersIn(repository: Repository, { dir }: Package): Map<number, [string, number]> {
  const places = new Map<number, [string, number]>();
  for (const [path] of filesLike(repository, new RegExp(`^${dir}/test/.*\\.test\\.ts$`))) {
    for (const { titles, line } of testsIn(sourceOf(repository, path))) {
      const number = numberOf(titles[0]?.text ?? '');
      if (number !== undefined && !places.has(number)) places.set(number, [path, line]);
    }
  }
  return places;
}

function unheld(
  pkg: Package,
  numbers: Map<number, [string, number]>,
  mutants: Mutant[],
): Problem[] {
  const killed = new Set(mutants.flatMap(({ kills }) => kills.map(({ name }) => numberOf(name))));
  const found: Problem[] = [];
  for (let number = 1; number <= Math.max(0, ...numbers.keys()); number++) {
    const [path, line] = numbers.get(number) ?? [`${pkg.dir}/test`, 1];
    if (!numbers.has(number)) found.push(problem(path, `promise ${number} has no test`, line));
    else if (!killed.has(number)) {
      found.push(problem(path, `promise ${number} has no mutant in test/mutants`, line));
    }
  }
  return found;
}
