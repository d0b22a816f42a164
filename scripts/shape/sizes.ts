import ts from 'typescript';
import type { Problem } from '../problem.js';
import { filesLike, type Repository, sourceOf } from '../repository.js';
import { lineOf, walk } from '../syntax.js';
import { problem, type Rule } from './rule.js';

const bounds = {
  fileLines: 250,
  medianLines: 90,
  functionLines: 70,
  columns: 100,
  minimalLines: 40,
} as const;

const source = /^(packages\/[^/]+\/src|scripts|examples)\/(?!.*\btest\/).*\.ts$/;
const anyTypeScript = /^(packages|scripts|examples)\/.*\.ts$|^[^/]+\.ts$/;

/** How long files, functions and lines may be. */
export const sizes: Rule = (repository) => [
  ...longFiles(repository),
  ...longMedians(repository),
  ...longFunctions(repository),
  ...longLines(repository),
];

function longFiles(repository: Repository): Problem[] {
  const found: Problem[] = [];
  for (const [path, text] of filesLike(repository, source)) {
    const isMinimal = /^examples\/[^/]+\/minimal\.ts$/.test(path);
    const most = isMinimal ? bounds.minimalLines : bounds.fileLines;
    const lines = linesOf(text).length;
    if (lines > most) {
      found.push(problem(path, `has ${lines} lines; ${most} is the most`, most + 1));
    }
  }
  return found;
}

function longMedians(repository: Repository): Problem[] {
  return repository.packages.flatMap(({ dir }) => {
    const lengths = filesLike(repository, new RegExp(`^${dir}/src/.*\\.ts$`))
      .map(([, text]) => linesOf(text).length)
      .sort((a, b) => a - b);
    const middle = lengths.length / 2;
    const median = ((lengths[Math.ceil(middle) - 1] ?? 0) + (lengths[Math.floor(middle)] ?? 0)) / 2;
    if (median <= bounds.medianLines) return [];
    const most = `the median file of src has ${median} lines; ${bounds.medianLines} is the most`;
    return [problem(`${dir}/src`, most)];
  });
}

function longFunctions(repository: Repository): Problem[] {
  const found: Problem[] = [];
  for (const [path] of filesLike(repository, source)) {
    const tree = sourceOf(repository, path);
    for (const node of walk(tree)) {
      if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) continue;
      const last = tree.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
      const lines = last - lineOf(node) + 1;
      if (lines <= bounds.functionLines) continue;
      const what = `a function has ${lines} lines; ${bounds.functionLines} is the most`;
      found.push(problem(path, what, lineOf(node)));
    }
  }
  return found;
}

/** A link and the title of a test are quoted whole elsewhere, so they are not broken. */
const unbroken = /https?:\/\/\S{40,}|^\s*(it|test|describe)(\.\w+)*\(\s*['"`]/;

/** Columns are characters as a reader counts them. */
function longLines(repository: Repository): Problem[] {
  return filesLike(repository, anyTypeScript).flatMap(([path, text]) =>
    linesOf(text).flatMap((line, index) => {
      const columns = [...line].length;
      if (columns <= bounds.columns || unbroken.test(line)) return [];
      return [
        problem(path, `is ${columns} columns wide; ${bounds.columns} is the most`, index + 1),
      ];
    }),
  );
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}
